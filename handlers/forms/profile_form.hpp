// What clients say of their profile: the names of the fields, their limits and rules, the same at a login and
// at a change.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/json_reading.hpp"
#include "core/net/http.hpp"
#include "handlers/forms/query_fields.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <string_view>

namespace wxlogind::handlers {

// Longest values, in characters (code points).
struct profile_limits {
    static constexpr std::size_t nick_name = 64;
    static constexpr std::size_t avatar_url = 1024;
    static constexpr std::size_t place = 64; // country, province, city
    static constexpr std::size_t language = 16;
};

// Of a profile that WeChat gave: empty texts and null say nothing, and neither does what is anonymous
// (anonymous_profile.hpp). errc::invalid_request: detail begins with the field's name.
[[nodiscard]] result<storage::profile_change> read_profile(const query_fields& fields);
[[nodiscard]] result<storage::profile_change> read_profile(const json_members& fields);

// A change of the profile: a JSON object (application/json, or RFC 7396's application/merge-patch+json) with
// at least one field of the profile; what it does not name stays as it is, null and "" clear, and what is
// anonymous changes nothing. errc::unsupported_media_type, errc::invalid_request.
[[nodiscard]] result<storage::profile_change> parse_profile_change(const net::request& incoming);

// errc::invalid_request with "field: what".
[[nodiscard]] failure invalid_field(std::string_view field, std::string_view what);

} // namespace wxlogind::handlers

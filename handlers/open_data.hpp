// Open data and the session_keys that prove it: the current one is tried first, then the one before it.
#pragma once

#include "core/wechat/open_data.hpp"
#include "handlers/forms/open_data_form.hpp"
#include "handlers/session_keys.hpp"

#include <cstddef>
#include <span>

namespace wxlogind::handlers {

struct opened_data {
    secret text;        // a JSON object
    std::size_t key{0}; // which of the keys opened it
};

// Each of these: errc::session_key_stale, always alike, where none of `keys` serves.

// `is_watermark_required`: see wechat::watermark_rule.
[[nodiscard]] result<opened_data> open_data_with(
    std::span<const session_key> keys, const wechat::encrypted_text& what, std::string_view appid,
    bool is_watermark_required, const services& with);

// What the form proves of the profile: of both, where both were sent; the encrypted one, which says when it
// was made, has the last word. errc::invalid_request, too: values that no profile may have.
[[nodiscard]] result<storage::profile_change> proven_profile(
    std::span<const session_key> keys, const open_data_form& form, std::string_view appid,
    const services& with);

// Adds to what a login said of the profile what its open data prove: by the key that it got, else by one that
// the account had before. errc::overloaded, storage_unavailable, too.
[[nodiscard]] task<result<void>> add_proven(
    storage::profile_change& said, const wechat::code_session& known, const open_data_form& form,
    std::string_view appid, services& with);

// The keys of a user for all this: nobody there is stale as well. errc::session_key_stale, overloaded,
// storage_unavailable.
[[nodiscard]] task<result<std::vector<session_key>>>
keys_for_open_data(user_id user, std::string_view appid, services& with);

} // namespace wxlogind::handlers

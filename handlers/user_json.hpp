// Users as JSON, the same at every call.
#pragma once

#include "core/base/clock.hpp"
#include "handlers/services.hpp"
#include "storage/user_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

// `,"name":"value"`.
void append_member(std::string& to, std::string_view name, std::string_view value);
// `,"name":1790000000`: a time in Unix seconds.
void append_member(std::string& to, std::string_view name, unix_millis time);

// What the user sees, with the URL of the picture in full and the phone number masked:
// `{"id":…,"nickName":…,…,"created_at":…,"updated_at":…}`.
[[nodiscard]] std::string
render_profile(const storage::user_record& user, bool with_unionid, const services& with);

// What operators see: the profile with "state".
[[nodiscard]] std::string render_user(const storage::user_record& user, const services& with);

// `[{"appid":…,"openid":…,"created_at":…},…]`.
void append_identities(std::string& to, const std::vector<storage::identity_record>& identities);

} // namespace wxlogind::handlers

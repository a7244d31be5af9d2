// Users and apps as back ends name them in the JSON body of a call.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/json_reading.hpp"
#include "core/base/user_id.hpp"
#include "handlers/app_directory.hpp"

#include <string_view>

namespace wxlogind::handlers {

struct user_of_app {
    user_id user;
    const app* of{nullptr};
};

// All: errc::invalid_request, naming the field.
//
// The member `name`, which has to be there.
[[nodiscard]] result<user_id> read_user(const json_members& members, std::string_view name = "user");
// The member "appid"; without it the only or the default app.
[[nodiscard]] result<const app*> read_app(const json_members& members, const app_directory& apps);
// "user" and "appid".
[[nodiscard]] result<user_of_app> read_user_of_app(const json_members& members, const app_directory& apps);

} // namespace wxlogind::handlers

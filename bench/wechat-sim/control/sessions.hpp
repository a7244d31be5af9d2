// A user of an app who has logged in, for the orders about such.
#pragma once

#include "bench/wechat-sim/control/control_api.hpp"

#include <optional>
#include <string>

namespace wxlogind::wechat_sim {

struct user_in_app {
    std::string appid;
    std::string user;
    platform_id openid;
    std::optional<platform_id> unionid;
    user_session session;
};

// Throws bad_order: no such app, or the user has not logged in to it.
[[nodiscard]] user_in_app
find_user(const control_order& order, const std::string& appid, const std::string& user);

} // namespace wxlogind::wechat_sim

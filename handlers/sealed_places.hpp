// What sealed values are bound to: table, column and row. One that was copied to another place does not open.
#pragma once

#include "core/base/user_id.hpp"

#include <string>
#include <string_view>

namespace wxlogind::handlers {

// A session_key belongs to an account with WeChat, whichever of its sessions holds it.
[[nodiscard]] inline std::string place_of_session_key(std::string_view appid, std::string_view openid) {
    constexpr std::string_view column{"identity.session_key|"};
    std::string place;
    place.reserve(column.size() + appid.size() + openid.size() + 1);
    place += column;
    place += appid;
    place += '|';
    place += openid;
    return place;
}

// A phone number belongs to a user: the one who gave it, also when that user was merged into another since.
[[nodiscard]] inline std::string place_of_phone(const user_id& user) {
    return "user.phone|" + to_string(user);
}

// What is hashed to find users by their number, which is in its international form.
[[nodiscard]] inline std::string index_of_phone(std::string_view international) {
    return "user.phone|" + std::string{international};
}

} // namespace wxlogind::handlers

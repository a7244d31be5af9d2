// What sealed values are bound to: table, column and row. One that was copied to another place does not open.
#pragma once

#include <string>
#include <string_view>

namespace wxlogind::handlers {

// A session_key belongs to an account with WeChat, whichever of its sessions holds it.
[[nodiscard]] inline std::string place_of_session_key(std::string_view appid, std::string_view openid) {
    std::string place{"identity.session_key|"};
    place.reserve(place.size() + appid.size() + openid.size() + 1);
    place += appid;
    place += '|';
    place += openid;
    return place;
}

} // namespace wxlogind::handlers

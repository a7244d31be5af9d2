// The rules of getPhoneNumber. The order of the checks is this simulator's choice.
#pragma once

#include "bench/wechat-sim/world/world.hpp"

#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

struct phone_request {
    std::string_view appid{};  // whose access_token it is
    std::string_view code{};   // of the button
    std::string_view openid{}; // "" = whoever
};

struct phone_outcome {
    int errcode{0};
    // Good when errcode is 0.
    std::string number{}; // with the country code, unless it is China's
    std::string pure_number{};
    std::string country_code{};
};

// Spends the code when it succeeds. 48001 (a personal app), 47001 (no code), 40029 (unknown, expired, used),
// 40013 (another app's), 40003 (another user's).
[[nodiscard]] phone_outcome phone_number(world& everything, const phone_request& asked);

// As WeChat writes it.
[[nodiscard]] std::string full_number(std::string_view pure_number, std::string_view country_code);

} // namespace wxlogind::wechat_sim

// What an app has to show before WeChat does anything for it.
#pragma once

#include "bench/wechat-sim/world/errcodes.hpp"
#include "bench/wechat-sim/world/settings.hpp"

#include <algorithm>
#include <string_view>

namespace wxlogind::wechat_sim {

// 0, or why the secret is not taken; "" is a missing one.
[[nodiscard]] inline int check_secret(const app& asking, std::string_view secret) noexcept {
    if (secret.empty()) return errcode::secret_missing;
    if (secret != asking.secret) return errcode::invalid_secret;
    return asking.is_frozen ? errcode::secret_frozen : errcode::ok;
}

// Whether the address is on the app's allow-list, or there is none.
[[nodiscard]] inline bool admits(const app& asking, std::string_view client_ip) noexcept {
    return asking.allowed_ips.empty() ||
           std::ranges::find(asking.allowed_ips, client_ip) != asking.allowed_ips.end();
}

} // namespace wxlogind::wechat_sim

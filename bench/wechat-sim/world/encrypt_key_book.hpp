// The keys that wx.getUserCryptoManager gives to a mini program and getuserencryptkey to its server.
#pragma once

#include "bench/wechat-sim/world/recent_map.hpp"
#include "bench/wechat-sim/world/settings.hpp"
#include "core/base/clock.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::wechat_sim {

struct encrypt_key {
    std::string key{}; // 16 bytes in base64
    std::uint32_t version{};
    std::chrono::seconds expires_in{}; // 0 = its hour is over
    std::string iv{};                  // 16 characters
    unix_seconds made_at{};
};

// Any thread.
class encrypt_key_book {
public:
    explicit encrypt_key_book(const world_settings& settings);

    // The last three, the newest first; makes one when the newest has lived its hour.
    [[nodiscard]] std::vector<encrypt_key> keys_of(std::string_view openid, unix_millis now);

private:
    struct versions {
        std::uint32_t newest{};
        std::array<unix_millis, 3> made_at{}; // by version modulo 3
    };

    const std::uint64_t seed_;
    std::mutex lock_;
    recent_map<versions> known_;
};

} // namespace wxlogind::wechat_sim

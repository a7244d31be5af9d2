// What a world is made with.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wxlogind::wechat_sim {

struct app {
    std::string appid{};
    std::string secret{};
    std::string group{};                    // the Open Platform account it is bound to; "" = unbound
    bool is_frozen{false};                  // its AppSecret: 40243
    std::vector<std::string> allowed_ips{}; // empty = every address
    std::uint64_t daily_quota{0};           // exchanges a day; 0 = no limit
    bool is_personal{false};                // not verified: no phone numbers, 48001
};

struct world_settings {
    // Decides openids, unionids and session keys: the same seed gives the same identities after a restart.
    std::uint64_t identity_seed{0};
    // Decides which codes are minted.
    std::uint64_t code_seed{0};
    std::chrono::milliseconds code_life{std::chrono::minutes{5}};
    // Two logins closer together than this get the same session_key. Tencent tells no number.
    std::chrono::milliseconds session_key_period{std::chrono::minutes{1}};
    // From the last login, unless there is another.
    std::chrono::milliseconds session_key_life{std::chrono::days{30}};
    // Access tokens.
    std::chrono::milliseconds token_life{std::chrono::hours{2}};
    std::chrono::milliseconds token_overlap{std::chrono::minutes{5}}; // two are good for so long
    std::uint64_t classic_tokens_a_day{2000};
    std::uint64_t stable_tokens_a_day{500'000};
    std::uint64_t stable_tokens_a_minute{10'000};
    std::uint64_t forced_refreshes_a_day{20};
    std::chrono::milliseconds forced_refresh_spacing{std::chrono::seconds{30}};
    std::uint32_t rate_limit{100}; // exchanges a minute, user and app; 0 = no limit
    // Whether codes of the load shape (see load_code.hpp) are good without being minted.
    bool takes_load_codes{false};
    bool load_codes_are_single_use{true};
    // Bounds. What is oldest is forgotten first.
    std::size_t max_minted_codes{1'000'000};
    std::size_t max_known_codes{1'000'000}; // codes whose arrivals are counted
    std::size_t max_active_users{1'000'000};
};

} // namespace wxlogind::wechat_sim

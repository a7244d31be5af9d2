// What an app's users do: how often a minute, and which session_key is theirs now.
#pragma once

#include "bench/wechat-sim/world/identities.hpp"
#include "bench/wechat-sim/world/recent_map.hpp"
#include "bench/wechat-sim/world/settings.hpp"
#include "core/base/clock.hpp"

#include <deque>
#include <mutex>
#include <string_view>

namespace wxlogind::wechat_sim {

// Any thread: split into shards by user.
class user_book {
public:
    explicit user_book(const world_settings& settings);

    // Counts a call in the calendar minute of `now`; false when that minute has had as many as may be.
    [[nodiscard]] bool count_call(std::string_view appid, std::string_view user, unix_millis now);

    // The session_key that a login at `now` gets: the last one, unless it is older than the period.
    [[nodiscard]] session_key log_in(std::string_view appid, std::string_view user, unix_millis now);

private:
    struct activity {
        std::int64_t minute{};
        std::uint32_t calls{};
        std::uint32_t rotation{};
        unix_millis rotated_at{};
    };
    struct shard {
        explicit shard(std::size_t max_users) : users{max_users} {}
        std::mutex lock;
        recent_map<activity> users;
    };
    [[nodiscard]] shard& shard_of(const digest& key) noexcept;

    const world_settings settings_;
    std::deque<shard> shards_;
};

} // namespace wxlogind::wechat_sim

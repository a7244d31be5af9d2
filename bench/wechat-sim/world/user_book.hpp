// What an app's users do: how often a minute, and which session_key is theirs now.
//
// Source: the documentation of wx.login, checkSessionKey and ResetUserSessionKey.
#pragma once

#include "bench/wechat-sim/world/identities.hpp"
#include "bench/wechat-sim/world/recent_map.hpp"
#include "bench/wechat-sim/world/settings.hpp"
#include "core/base/clock.hpp"

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// A user in an app. Somebody else's openid, or that of another app, is nobody.
class app_user {
public:
    app_user(std::string_view appid, const platform_id& openid) noexcept : app_user{appid, openid.text()} {}
    app_user(std::string_view appid, std::string_view openid) noexcept;

private:
    friend class user_book;
    digest key_;
    std::string_view appid_;
    std::string_view openid_;
};

struct user_session {
    session_key current;
    std::optional<session_key> previous; // the one before
    bool is_expired{false};
    unix_millis seen_at; // of the last login
};

// Any thread: split into shards by user.
class user_book {
public:
    explicit user_book(const world_settings& settings);

    // Counts a call in the calendar minute of `now`; false when that minute has had as many as may be.
    [[nodiscard]] bool count_call(const app_user& who, unix_millis now);

    // The session_key that a login at `now` gets: the last one, unless it is older than the period. Extends
    // its life.
    [[nodiscard]] session_key log_in(const app_user& who, unix_millis now);

    // nullopt: the user has never logged in to this app, or it is forgotten.
    [[nodiscard]] std::optional<user_session> find(const app_user& who, unix_millis now) const;

    // A new key at once; it lives as long as the old one would have. False: there is no key that is alive.
    bool rotate(const app_user& who, unix_millis now);
    // The key's life is over. False: there is none.
    bool expire(const app_user& who, unix_millis now);

private:
    struct activity {
        std::int64_t minute{};
        std::uint32_t calls{};
        std::uint32_t rotations{}; // 0 = has not logged in
        std::uint64_t key{};       // which of the user's keys
        std::uint64_t previous_key{};
        unix_millis rotated_at{};
        unix_millis seen_at{};
        unix_millis expires_at{};

        void rotate(unix_millis now);
    };
    struct shard {
        explicit shard(std::size_t max_users) : users{max_users} {}
        mutable std::mutex lock;
        recent_map<activity> users;
        // nullptr: has not logged in.
        [[nodiscard]] activity* find(const digest& key);
    };
    [[nodiscard]] shard& shard_of(const digest& key) noexcept;
    [[nodiscard]] const shard& shard_of(const digest& key) const noexcept;
    [[nodiscard]] session_key key_of(const app_user& who, std::uint64_t which) const;

    const world_settings settings_;
    std::deque<shard> shards_;
};

} // namespace wxlogind::wechat_sim

#include "bench/wechat-sim/world/user_book.hpp"

#include "bench/wechat-sim/generator.hpp"
#include "bench/wechat-sim/world/quota.hpp"

#include <algorithm>

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t shard_bits = 4;
constexpr std::size_t shard_count = 1u << shard_bits;

} // namespace

app_user::app_user(std::string_view appid, std::string_view openid) noexcept
    : key_{hash_text(hash_text(1, appid), openid), hash_text(hash_text(2, appid), openid)},
      appid_{appid},
      openid_{openid} {}

void user_book::activity::rotate(unix_millis now) {
    previous_key = key;
    ++rotations;
    rotated_at = now;
    // The time is in it for a user who was forgotten and starts to count anew.
    key = mix(rotations) ^ static_cast<std::uint64_t>(now.time_since_epoch().count());
}

user_book::activity* user_book::shard::find(const digest& key) {
    const activity* known = users.find(key);
    return known == nullptr || known->rotations == 0 ? nullptr : &users.at(key);
}

user_book::user_book(const world_settings& settings) : settings_{settings} {
    for (std::size_t index = 0; index < shard_count; ++index)
        shards_.emplace_back(settings.max_active_users / shard_count + 1);
}

user_book::shard& user_book::shard_of(const digest& key) noexcept {
    return shards_[key.high >> (64 - shard_bits)];
}

const user_book::shard& user_book::shard_of(const digest& key) const noexcept {
    return shards_[key.high >> (64 - shard_bits)];
}

session_key user_book::key_of(const app_user& who, std::uint64_t which) const {
    return session_key_of(settings_.identity_seed, who.appid_, who.openid_, which);
}

bool user_book::count_call(const app_user& who, unix_millis now) {
    if (settings_.rate_limit == 0) return true;
    const std::int64_t minute = minute_of(now);
    shard& home = shard_of(who.key_);
    const std::scoped_lock locked{home.lock};
    activity& mine = home.users.at(who.key_);
    if (mine.minute != minute) {
        mine.minute = minute;
        mine.calls = 0;
    }
    if (mine.calls >= settings_.rate_limit) return false;
    ++mine.calls;
    return true;
}

session_key user_book::log_in(const app_user& who, unix_millis now) {
    shard& home = shard_of(who.key_);
    std::uint64_t which = 0;
    {
        const std::scoped_lock locked{home.lock};
        activity& mine = home.users.at(who.key_);
        const bool is_old = now - mine.rotated_at >= settings_.session_key_period;
        if (mine.rotations == 0 || is_old || mine.expires_at <= now) mine.rotate(now);
        mine.seen_at = now;
        mine.expires_at = now + settings_.session_key_life;
        which = mine.key;
    }
    return key_of(who, which);
}

std::optional<user_session> user_book::find(const app_user& who, unix_millis now) const {
    activity found;
    {
        const shard& home = shard_of(who.key_);
        const std::scoped_lock locked{home.lock};
        const activity* known = home.users.find(who.key_);
        if (known == nullptr || known->rotations == 0) return std::nullopt;
        found = *known;
    }
    user_session shown{key_of(who, found.key), {}, found.expires_at <= now, found.seen_at};
    if (found.rotations > 1) shown.previous = key_of(who, found.previous_key);
    return shown;
}

bool user_book::rotate(const app_user& who, unix_millis now) {
    shard& home = shard_of(who.key_);
    const std::scoped_lock locked{home.lock};
    activity* mine = home.find(who.key_);
    if (mine == nullptr || mine->expires_at <= now) return false;
    mine->rotate(now);
    return true;
}

bool user_book::expire(const app_user& who, unix_millis now) {
    shard& home = shard_of(who.key_);
    const std::scoped_lock locked{home.lock};
    activity* mine = home.find(who.key_);
    if (mine == nullptr) return false;
    mine->expires_at = std::min(mine->expires_at, now);
    return true;
}

} // namespace wxlogind::wechat_sim

#include "bench/wechat-sim/world/user_book.hpp"

#include "bench/wechat-sim/generator.hpp"

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t shard_bits = 4;
constexpr std::size_t shard_count = 1u << shard_bits;

digest digest_of(std::string_view appid, std::string_view user) noexcept {
    return {hash_text(hash_text(1, appid), user), hash_text(hash_text(2, appid), user)};
}

} // namespace

user_book::user_book(const world_settings& settings) : settings_{settings} {
    for (std::size_t index = 0; index < shard_count; ++index)
        shards_.emplace_back(settings.max_active_users / shard_count + 1);
}

user_book::shard& user_book::shard_of(const digest& key) noexcept {
    return shards_[key.high >> (64 - shard_bits)];
}

bool user_book::count_call(std::string_view appid, std::string_view user, unix_millis now) {
    if (settings_.rate_limit == 0) return true;
    const auto minute = std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
    const digest key = digest_of(appid, user);
    shard& home = shard_of(key);
    const std::scoped_lock locked{home.lock};
    activity& mine = home.users.at(key);
    if (mine.minute != minute) {
        mine.minute = minute;
        mine.calls = 0;
    }
    if (mine.calls >= settings_.rate_limit) return false;
    ++mine.calls;
    return true;
}

session_key user_book::log_in(std::string_view appid, std::string_view user, unix_millis now) {
    const digest key = digest_of(appid, user);
    shard& home = shard_of(key);
    std::uint64_t rotation = 0;
    {
        const std::scoped_lock locked{home.lock};
        activity& mine = home.users.at(key);
        if (mine.rotation == 0 || now - mine.rotated_at >= settings_.session_key_period) {
            ++mine.rotation;
            mine.rotated_at = now;
        }
        // The time is in it for a user who was forgotten and starts to count anew.
        rotation =
            mix(mine.rotation) ^ static_cast<std::uint64_t>(mine.rotated_at.time_since_epoch().count());
    }
    return session_key_of(settings_.identity_seed, appid, user, rotation);
}

} // namespace wxlogind::wechat_sim

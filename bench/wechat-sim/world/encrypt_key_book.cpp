#include "bench/wechat-sim/world/encrypt_key_book.hpp"

#include "bench/wechat-sim/generator.hpp"
#include "bench/wechat-sim/world/identities.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wxlogind::wechat_sim {

namespace {

constexpr std::chrono::hours key_life{1};

} // namespace

encrypt_key_book::encrypt_key_book(const world_settings& settings)
    : seed_{settings.identity_seed}, known_{settings.max_active_users} {}

std::vector<encrypt_key> encrypt_key_book::keys_of(std::string_view openid, unix_millis now) {
    versions mine;
    {
        const std::scoped_lock locked{lock_};
        versions& known = known_.at({hash_text(1, openid), hash_text(2, openid)});
        if (known.newest == 0 || now - known.made_at[known.newest % 3] >= key_life)
            known.made_at[++known.newest % 3] = now;
        mine = known;
    }
    std::vector<encrypt_key> keys;
    for (std::uint32_t version = mine.newest; version != 0 && keys.size() < 3; --version) {
        const unix_millis made_at = mine.made_at[version % 3];
        const std::uint64_t seed = hash_text(seed_ ^ mix(version), openid);
        const auto left = std::chrono::ceil<std::chrono::seconds>(made_at + key_life - now);
        keys.push_back(
            {std::string{session_key{seed}.text()}, version, std::max(left, std::chrono::seconds{0}),
             fmt::format("{:016x}", mix(seed)), std::chrono::floor<std::chrono::seconds>(made_at)});
    }
    return keys;
}

} // namespace wxlogind::wechat_sim

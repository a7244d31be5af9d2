#include "core/session/revocations.hpp"

#include <algorithm>
#include <limits>
#include <new>

namespace wxlogind::session {

namespace {

// Tokens issued so shortly after an overflow are refused as well.
constexpr std::chrono::seconds overflow_slack{2};

} // namespace

revocations::stamp revocations::to_stamp(unix_seconds time) noexcept {
    constexpr std::int64_t latest = std::numeric_limits<stamp>::max(); // in 2106
    return static_cast<stamp>(std::clamp<std::int64_t>(time.time_since_epoch().count(), 0, latest));
}

void revocations::raise(std::atomic<stamp>& what, stamp to) noexcept {
    auto known = what.load(std::memory_order_relaxed);
    while (known < to && !what.compare_exchange_weak(known, to, std::memory_order_release)) {
    }
}

void revocations::lifetime::extend(const lifetime& by) noexcept {
    until = std::max(until, by.until);
    kept_until = std::max(kept_until, by.kept_until);
}

revocations::revocations(std::size_t max_entries, const token_rules& rules, std::chrono::seconds access_ttl)
    : max_in_shard_{std::max<std::size_t>(max_entries / shard_count, 1)},
      grace_of_tokens_{rules.max_skew + revocation_margin},
      token_life_{longest_token_life(access_ttl, rules)},
      slots_{std::make_unique<std::array<slot, slot_count>>()},
      shards_{std::make_unique<std::array<shard, shard_count>>()} {}

revocations::~revocations() = default;

void revocations::lengthen_token_life(std::chrono::seconds access_ttl) noexcept {
    const auto life = access_ttl + grace_of_tokens_; // as longest_token_life() has it
    auto known = token_life_.load(std::memory_order_relaxed);
    while (known < life && !token_life_.compare_exchange_weak(known, life, std::memory_order_release)) {
    }
}

unix_millis revocations::end_of_tokens(unix_millis now) const noexcept {
    const unix_seconds issued{std::chrono::seconds{last_issued_.load(std::memory_order_relaxed)}};
    return std::max(now, unix_millis{issued}) + token_life_.load(std::memory_order_acquire);
}

// The end of a UUIDv7 is random.
std::size_t revocations::slot_of(const user_id& user) noexcept {
    const auto& bytes = user.bytes;
    return std::size_t{bytes[14]} << 8 | bytes[15];
}

template <class Keep>
void revocations::add(const user_id& user, unix_millis until, Keep keep) noexcept {
    const std::size_t number = slot_of(user);
    slot& where = (*slots_)[number];
    const stamp end = to_stamp(std::chrono::ceil<std::chrono::seconds>(until));
    const lifetime life{end, std::chrono::steady_clock::now() + token_life_.load(std::memory_order_acquire)};
    {
        shard& part = shard_of(number);
        const std::lock_guard lock{part.mutex};
        try {
            if (!keep(part, life, part.size() < max_in_shard_)) refuse_all_of(where, end);
        } catch (const std::bad_alloc&) {
            refuse_all_of(where, end);
        }
    }
    // Last, and in this order: whoever sees the later of them sees all of it.
    raise(where.concerned_until, end);
    raise(anybody_until_, end);
}

void revocations::refuse_all_of(slot& where, stamp until) noexcept {
    overflows_.fetch_add(1, std::memory_order_relaxed);
    raise(where.refused_until, to_stamp(unix_seconds{std::chrono::seconds{until}} + overflow_slack));
}

void revocations::add_session(const user_id& user, session_id sid, unix_millis until) noexcept {
    add(user, until, [&](shard& part, const lifetime& life, bool has_room) {
        if (const auto known = part.sessions.find(sid); known != part.sessions.end()) {
            known->second.extend(life);
            return true;
        }
        if (has_room) part.sessions.emplace(sid, life);
        return has_room;
    });
}

void revocations::add_user(const user_id& user, session_id through, unix_millis until) noexcept {
    add(user, until, [&](shard& part, const lifetime& life, bool has_room) {
        if (const auto known = part.users.find(user); known != part.users.end()) {
            known->second.through = std::max(known->second.through, through);
            known->second.life.extend(life);
            return true;
        }
        if (has_room) part.users.emplace(user, user_entry{through, life});
        return has_room;
    });
}

void revocations::add_merge(const user_id& merged, const user_id& survivor, unix_millis until) noexcept {
    add(merged, until, [&](shard& part, const lifetime& life, bool has_room) {
        if (const auto known = part.merges.find(merged); known != part.merges.end()) {
            known->second.survivor = survivor;
            known->second.life.extend(life);
            return true;
        }
        if (has_room) part.merges.emplace(merged, merge_entry{survivor, life});
        return has_room;
    });
    raise(merged_until_, to_stamp(std::chrono::ceil<std::chrono::seconds>(until)));
}

void revocations::remove_merge(const user_id& merged) noexcept {
    shard& part = shard_of(slot_of(merged));
    const std::lock_guard lock{part.mutex};
    part.merges.erase(merged);
}

std::optional<user_id> revocations::find_survivor(const user_id& user, unix_seconds now) const noexcept {
    const std::size_t number = slot_of(user);
    if ((*slots_)[number].concerned_until.load(std::memory_order_acquire) <= to_stamp(now))
        return std::nullopt;
    const shard& part = shard_of(number);
    const std::lock_guard lock{part.mutex};
    const auto merge = part.merges.find(user);
    return merge == part.merges.end() ? std::nullopt : std::optional{merge->second.survivor};
}

bool revocations::is_revoked(const token_claims& token, unix_seconds now) const noexcept {
    const stamp moment = to_stamp(now);
    if (anybody_until_.load(std::memory_order_acquire) <= moment) return false;
    const std::size_t number = slot_of(token.user);
    const slot& where = (*slots_)[number];
    if (where.concerned_until.load(std::memory_order_acquire) <= moment) return false;

    if (to_stamp(token.expires + grace_of_tokens_) <= where.refused_until.load(std::memory_order_acquire))
        return true;
    const shard& part = shard_of(number);
    const std::lock_guard lock{part.mutex};
    if (part.sessions.contains(token.sid)) return true;
    const auto user = part.users.find(token.user);
    return user != part.users.end() && token.sid <= user->second.through;
}

void revocations::forget_expired(unix_seconds now, std::chrono::steady_clock::time_point moment) noexcept {
    const stamp wall = to_stamp(now);
    for (shard& part : *shards_) {
        const std::lock_guard lock{part.mutex};
        std::erase_if(part.sessions, [&](const auto& entry) { return entry.second.is_over(wall, moment); });
        std::erase_if(part.users, [&](const auto& entry) { return entry.second.life.is_over(wall, moment); });
        std::erase_if(
            part.merges, [&](const auto& entry) { return entry.second.life.is_over(wall, moment); });
    }
}

std::size_t revocations::size() const noexcept {
    std::size_t sum = 0;
    for (const shard& part : *shards_) {
        const std::lock_guard lock{part.mutex};
        sum += part.size();
    }
    return sum;
}

} // namespace wxlogind::session

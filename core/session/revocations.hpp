// Which session tokens are dead before their time (logged out, banned, erased), and which mean another user
// by now, since theirs was merged. From memory, so that a check waits for nobody.
#pragma once

#include "core/session/token.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace wxlogind::session {

// Added to the life of a token when it is said until when its revocation counts: the clock may have been read
// for the one before it was read for the other.
inline constexpr std::chrono::seconds revocation_margin{60};

// How long after its issue a token may count at the most, and so for how long its revocation is remembered.
[[nodiscard]] constexpr std::chrono::seconds
longest_token_life(std::chrono::seconds access_ttl, const token_rules& rules) noexcept {
    return access_ttl + rules.max_skew + revocation_margin;
}

// Any thread. What one thread has added, another finds as soon as it knows that it was added.
//
// How it stays cheap: each user belongs to one of 65,536 slots, and a slot remembers until when one of its
// users is concerned at all. A check of anybody else's token is two reads of atomics; only in such a slot is
// a lock taken (one of 64) and the entry looked up.
//
// How it stays bounded: when the part of a lock is full (a 64th of all, in which all entries of a user are),
// the entry is not kept. Its slot then refuses every token that was issued until that moment: the few users
// who share the slot (one in 65,536) are sent to refresh once, which gives them a token that counts again,
// and which a revoked session cannot do. So it is with the tokens of a merged user, too: after the refresh
// they name the survivor.
class revocations {
public:
    // max_entries: some 70 bytes each, at most; at least 64.
    revocations(std::size_t max_entries, const token_rules& rules, std::chrono::seconds access_ttl);
    ~revocations();

    // To be called for every token that is issued. A clock that is set back afterwards must not make its
    // revocation end before it does.
    void note_issued(unix_seconds when) noexcept {
        if (const stamp moment = to_stamp(when); moment > last_issued_.load(std::memory_order_relaxed))
            raise(last_issued_, moment);
    }

    // Tokens may live longer from now on. Before the first such token is issued. Shorter lives change
    // nothing: the longer tokens of before are still out there.
    void lengthen_token_life(std::chrono::seconds access_ttl) noexcept;

    // Until when something that is revoked now has to be remembered.
    [[nodiscard]] unix_millis end_of_tokens(unix_millis now) const noexcept;

    // One session. `until`: what end_of_tokens said.
    void add_session(const user_id& user, session_id sid, unix_millis until) noexcept;
    // All sessions of the user up to `through`.
    void add_user(const user_id& user, session_id through, unix_millis until) noexcept;

    // The tokens of `merged` mean `survivor` until then.
    void add_merge(const user_id& merged, const user_id& survivor, unix_millis until) noexcept;
    // They mean `merged` again.
    void remove_merge(const user_id& merged) noexcept;

    [[nodiscard]] bool is_revoked(const token_claims& token, unix_seconds now) const noexcept;

    // Whom the tokens of this user mean. nullopt: the user itself.
    [[nodiscard]] std::optional<user_id> survivor_of(const user_id& user, unix_seconds now) const noexcept {
        if (merged_until_.load(std::memory_order_acquire) <= to_stamp(now)) return std::nullopt;
        return find_survivor(user, now);
    }

    // Drops what concerns no valid token any more: by the clock that tokens go by, and by the one that nobody
    // sets, since the first may be set back.
    void forget_expired(unix_seconds now, std::chrono::steady_clock::time_point moment) noexcept;

    [[nodiscard]] std::size_t size() const noexcept;
    // How many were not kept because there was no room.
    [[nodiscard]] std::uint64_t overflows() const noexcept {
        return overflows_.load(std::memory_order_relaxed);
    }

private:
    static constexpr std::size_t slot_count = 65536;
    static constexpr std::size_t shard_count = 64;

    using stamp = std::uint32_t; // Unix seconds

    struct slot {
        std::atomic<stamp> concerned_until{0};
        // Tokens that expire until then are refused without a look.
        std::atomic<stamp> refused_until{0};
    };
    struct lifetime {
        stamp until{0};
        std::chrono::steady_clock::time_point kept_until;

        [[nodiscard]] bool is_over(stamp now, std::chrono::steady_clock::time_point moment) const noexcept {
            return until <= now && kept_until <= moment;
        }
        void extend(const lifetime& by) noexcept;
    };
    struct user_entry {
        session_id through{0};
        lifetime life;
    };
    struct merge_entry {
        user_id survivor;
        lifetime life;
    };
    struct hash_of_user {
        std::size_t operator()(const user_id& user) const noexcept { return slot_of(user); }
    };
    struct shard {
        mutable std::mutex mutex;
        std::unordered_map<session_id, lifetime> sessions;
        std::unordered_map<user_id, user_entry, hash_of_user> users;
        std::unordered_map<user_id, merge_entry, hash_of_user> merges;

        [[nodiscard]] std::size_t size() const noexcept {
            return sessions.size() + users.size() + merges.size();
        }
    };

    static stamp to_stamp(unix_seconds time) noexcept;
    static void raise(std::atomic<stamp>& what, stamp to) noexcept;
    static std::size_t slot_of(const user_id& user) noexcept;
    template <class Keep>
    void add(const user_id& user, unix_millis until, Keep keep) noexcept;
    void refuse_all_of(slot& where, stamp until) noexcept;
    [[nodiscard]] std::optional<user_id> find_survivor(const user_id& user, unix_seconds now) const noexcept;
    [[nodiscard]] shard& shard_of(std::size_t slot) const noexcept { return (*shards_)[slot % shard_count]; }

    const std::size_t max_in_shard_;
    const std::chrono::seconds grace_of_tokens_;   // between a token's exp and the end of its revocation
    std::atomic<std::chrono::seconds> token_life_; // of the longest-lived tokens of this process
    std::unique_ptr<std::array<slot, slot_count>> slots_;
    std::unique_ptr<std::array<shard, shard_count>> shards_;
    std::atomic<stamp> anybody_until_{0};
    std::atomic<stamp> merged_until_{0}; // as anybody_until_, of merges alone
    std::atomic<stamp> last_issued_{0};
    std::atomic<std::uint64_t> overflows_{0};
};

} // namespace wxlogind::session

// Where users, identities and sessions live, in verbs of the domain. Every task resumes on the reactor that
// awaits it.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace wxlogind::storage {

// What a client says of a user. A field that was not sent changes nothing.
struct profile_change {
    std::optional<std::string> nick_name;
    std::optional<std::string> avatar_url;
    std::optional<int> gender; // 0 unknown, 1 male, 2 female
    std::optional<std::string> country;
    std::optional<std::string> province;
    std::optional<std::string> city;
    std::optional<std::string> language;

    [[nodiscard]] bool empty() const noexcept {
        return !nick_name && !avatar_url && !gender && !country && !province && !city && !language;
    }
};

struct profile {
    std::string nick_name;
    std::string avatar_url;
    int gender{0};
    std::string country;
    std::string province;
    std::string city;
    std::string language;
};

enum class user_state : std::uint8_t {
    active = 0,
    banned = 1,
};

struct user_record {
    user_id id;
    std::optional<std::string> unionid;
    storage::profile profile;
    std::string sealed_phone; // "" = none
    user_id phone_sealed_for; // what it is bound to: another id where it came with a merge
    user_state state{user_state::active};
    unix_millis created;
    unix_millis updated;
};

// One acknowledged code exchange, to be written.
struct login_record {
    std::string appid;
    std::string openid;
    std::optional<std::string> unionid;
    std::string sealed_session_key;
    // Of the session_key in clear: an unchanged key is not written again and does not push out the previous
    // one.
    std::uint64_t session_key_fingerprint{0};
    profile_change profile;
    unix_millis now;
    unix_millis session_expires;
    // How many sessions the user may have in this app; the oldest ends when there are more. 0: any number.
    std::uint32_t max_sessions{0};
    unix_millis tokens_end; // of a session that ends so: see revoking::until
};

// How long a write was on its way.
struct write_times {
    std::chrono::steady_clock::duration queue{0};  // until the writer took it
    std::chrono::steady_clock::duration commit{0}; // until it was durable and known to be
};

struct login_outcome {
    user_id user;
    std::int64_t session{0};
    bool is_new{false};                   // this login made the user: true exactly once
    user_state state{user_state::active}; // banned: no session was made, session is 0
    write_times took{};
};

// Thread-safe, except that a task belongs to the reactor that awaits it.
class login_store {
public:
    virtual ~login_store() = default;

    // Finds or makes the user of (appid, openid), keeps the session_key and the profile fields that were
    // sent, and opens a session. Resumes after all of it is durable: it survives kill -9 and power loss.
    // A unionid that belongs to another identity's user links this identity to that user. One that arrives
    // later, when both have users already, merges the younger user into the older, as user_store::merge does.
    // errc::overloaded at once when the queue is full; errc::storage_unavailable when the commit failed (it
    // is not known to be durable then) or the database takes no writes.
    virtual task<result<login_outcome>> record_login(login_record record) = 0;

    // false: a write would be refused with errc::storage_unavailable for now. Asked before something is spent
    // for a login that could not be kept. Any thread.
    [[nodiscard]] virtual bool takes_writes() const noexcept = 0;

    // How long the first of the writes that are queued has waited; zero when none is. Any thread.
    [[nodiscard]] virtual std::chrono::steady_clock::duration
    queue_time(std::chrono::steady_clock::time_point now) const noexcept = 0;

    // Whether there were users when it was opened. Any thread.
    [[nodiscard]] virtual bool had_users() const noexcept = 0;

    // By the id of a user that was merged: the one that survived, under its own id.
    // errc::not_found, errc::storage_unavailable. Reads on the calling reactor's own connection.
    virtual task<result<user_record>> find_user(user_id id) = 0;

    // Writes a mark through the whole path: queue, transaction, fsync. What /readyz asks.
    // errc::overloaded, errc::storage_unavailable.
    virtual task<result<void>> probe(unix_millis now) = 0;

    // Stops taking writes, finishes what is queued, folds the WAL back and closes. Blocks; main thread, once.
    // The event loops of those who wait have to turn on for a while to see their outcomes, and may be
    // destroyed only after this has returned: until then the writer may be about to post to them.
    virtual void close() = 0;
};

} // namespace wxlogind::storage

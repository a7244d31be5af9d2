// The life of sessions after the login, and how it ends, in verbs of the domain. Every task resumes on the
// reactor that awaits it, after what it did is durable.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"
#include "storage/refresh_rules.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wxlogind::storage {

// When something is revoked, and until when it has to be remembered for the sake of tokens that are checked
// without a look at the database: until the last one that may have been issued has expired.
struct revoking {
    unix_millis now;
    unix_millis until;
    std::string by{"user"}; // for the audit log: audit_entry::actor
};

// What tokens are not valid any more, whatever they say of themselves.
struct revocation {
    user_id user;
    std::int64_t sid{0};
    bool is_of_all{false}; // all sessions of the user up to `sid`, which later logins are above
    unix_millis until;
};

// Whom the tokens of a user mean that was merged into another one.
struct user_alias {
    user_id merged;
    std::optional<user_id> survivor{}; // nullopt: a user of its own again
    unix_millis until;                 // the last token that names `merged` has expired by then
};

// Told of every revocation and every merge as soon as it is durable, and before whoever asked for it is
// answered; of what was revoked first. On the writer thread, which waits meanwhile.
class revocation_observer {
public:
    virtual ~revocation_observer() = default;
    virtual void revoked(const revocation& what) noexcept = 0;
    virtual void renamed(const user_alias&) noexcept {}
};

// A refresh token that is one of ours and has not expired.
struct refresh_request {
    std::int64_t sid{0};
    std::uint32_t generation{0};
    std::uint32_t signer{0}; // the hint of the key that signs now
    rotation_rules rules;
    revoking when; // for the session, should the token have been stolen
};

// What a pair of tokens is made from: the same for a request that is repeated in time.
struct refresh_outcome {
    refresh_verdict verdict{refresh_verdict::refused};
    // Of rotate, repeat and stolen. For whom no token may be made, it is refused or `state` says so.
    user_id user;
    user_state state{user_state::active}; // banned: nothing was changed
    // Of rotate and repeat.
    std::string appid;
    std::string openid;
    std::optional<std::string> unionid;
    std::uint32_t generation{0}; // the new one
    std::uint32_t signer{0};     // which key signed at `rotated`
    unix_millis rotated;
    unix_millis expires;
};

// A session as its row has it.
struct session_state {
    user_id user;
    user_state owner{user_state::active};
    std::string appid;
    std::uint32_t generation{0}; // of the refresh token that serves
    unix_millis created;
    unix_millis expires;
    bool is_revoked{false};
};

// A slice of house-keeping.
struct sweep_request {
    std::int64_t after{0}; // the session to go on behind; 0: from the start
    unix_millis now;
};

struct sweep_outcome {
    std::size_t deleted{0};
    std::int64_t last{0};  // where to go on
    bool is_at_end{false}; // all sessions have been looked at
};

// Thread-safe, except that a task belongs to the reactor that awaits it.
//
// Each task: errc::overloaded at once when the queue is full; errc::storage_unavailable when the commit
// failed (what was asked for may be done or not, then) or the database takes no writes.
class session_store {
public:
    virtual ~session_store() = default;

    // Rotates, repeats, or finds out a theft and ends the session. The pair that it leads to is good only
    // when this has answered; if it fails, the token that was shown serves on.
    virtual task<result<refresh_outcome>> refresh(refresh_request request) = 0;

    // Reads on a thread of its own. errc::not_found: there is none, or its user is gone.
    virtual task<result<session_state>> find_session(std::int64_t sid) = 0;

    // Ends one session. `user`: of the token that names it, so that the token is refused even where the row
    // is gone already; without it errc::not_found then. Ending it again is fine.
    virtual task<result<void>>
    revoke_session(std::int64_t sid, std::optional<user_id> user, revoking when) = 0;

    // By the id of a user that was merged the survivor is meant, in each of these three.
    //
    // Ends every session that the user has; a login after it makes a good one. One row is written, however
    // many sessions there are. A user that does not exist is fine.
    virtual task<result<void>> revoke_sessions_of(user_id user, revoking when) = 0;

    // Ends every session and lets the user open no other. errc::not_found.
    virtual task<result<void>> ban_user(user_id user, revoking when) = 0;
    // Lets the user in again, by a new login. errc::not_found.
    virtual task<result<void>> unban_user(user_id user, revoking when) = 0;

    // Every revocation that still concerns somebody at `now`. The observer hears of them all, and of the
    // merged users whose tokens still live, when the database is opened, also after an outage, when nobody
    // knows what became of the last commit, and of each new one.
    //
    // For what it does not hear of: where other processes write to the same database, this is what to ask
    // again and again, and what they revoke counts here after the pause between two questions at most.
    virtual task<result<std::vector<revocation>>> revocations_at(unix_millis now) = 0;

    // Deletes sessions that have expired, and those of users who are gone, at most a hundred and a few, in a
    // moment in which no login waits for the writer; to be called again and again. Those that were revoked
    // stay until they would have expired, and so does one that is needed to find an older one which was
    // refreshed and lives on.
    virtual task<result<sweep_outcome>> sweep(sweep_request what) = 0;
};

} // namespace wxlogind::storage

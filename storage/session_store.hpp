// The life of sessions after the login, and how it ends, in verbs of the domain. Every task resumes on the
// reactor that awaits it, after what it did is durable.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace wxlogind::storage {

// When something is revoked, and until when it has to be remembered for the sake of tokens that are checked
// without a look at the database: until the last one that may have been issued has expired.
struct revoking {
    unix_millis now;
    unix_millis until;
};

// What tokens are not valid any more, whatever they say of themselves.
struct revocation {
    user_id user;
    std::int64_t sid{0};
    bool is_of_all{false}; // all sessions of the user up to `sid`, which later logins are above
    unix_millis until;
};

// Told of every revocation as soon as it is durable, and before whoever asked for it is answered. On the
// writer thread, which waits meanwhile.
class revocation_observer {
public:
    virtual ~revocation_observer() = default;
    virtual void revoked(const revocation& what) noexcept = 0;
};

// Thread-safe, except that a task belongs to the reactor that awaits it.
//
// Each task: errc::overloaded at once when the queue is full; errc::storage_unavailable when the commit
// failed (what was asked for may be done or not, then) or the database takes no writes.
class session_store {
public:
    virtual ~session_store() = default;

    // Ends one session. `user`: of the token that names it, so that the token is refused even where the row
    // is gone already; without it errc::not_found then. Ending it again is fine.
    virtual task<result<void>>
    revoke_session(std::int64_t sid, std::optional<user_id> user, revoking when) = 0;

    // Ends every session that the user has; a login after it makes a good one. One row is written, however
    // many sessions there are. A user that does not exist is fine.
    virtual task<result<void>> revoke_sessions_of(user_id user, revoking when) = 0;

    // Ends every session and lets the user open no other. errc::not_found.
    virtual task<result<void>> ban_user(user_id user, revoking when) = 0;
    // Lets the user in again, by a new login. errc::not_found.
    virtual task<result<void>> unban_user(user_id user, unix_millis now) = 0;

    // Every revocation that still concerns somebody at `now`: for the start, and after an outage, when
    // nobody knows what became of the last commit. Blocks for as long as it reads them; not for a reactor.
    //
    // Where other processes write to the same database, this is what to ask again and again: what they
    // revoked counts here after the interval between two questions at most.
    [[nodiscard]] virtual result<std::vector<revocation>> revocations_at(unix_millis now) = 0;
};

} // namespace wxlogind::storage

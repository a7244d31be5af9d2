// What is done with users beyond their logins, in verbs of the domain.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"
#include "storage/store.hpp"

namespace wxlogind::storage {

// Thread-safe, except that a task belongs to the reactor that awaits it. errc::overloaded,
// errc::storage_unavailable as in session_store.
class user_store {
public:
    virtual ~user_store() = default;

    // Gives the user as it is then, when it is durable. errc::not_found; errc::user_blocked: banned, and
    // nothing was changed.
    virtual task<result<user_record>> change_profile(user_id id, profile_change change, unix_millis now) = 0;
};

} // namespace wxlogind::storage

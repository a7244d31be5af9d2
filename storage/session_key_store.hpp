// The session_keys that WeChat gave with the logins of a user, for what WeChat encrypts under them.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace wxlogind::storage {

// The key as one login got it; a refresh of its session keeps it.
struct stored_session_key {
    std::int64_t sid{0}; // of the newest session that has it
    std::string openid;  // whose key it is
    std::string envelope;
    unix_millis since; // of that login
};

// Thread-safe, except that a task belongs to the reactor that awaits it.
class session_key_store {
public:
    virtual ~session_key_store() = default;

    // The keys of the user in one app, newest login first: the current one, and what came before it. Equal
    // keys stand there once, as far as they were sealed under one key of ours. No more than `most_keys` of
    // each account that the user has there, and a key that is behind dozens of logins with the same one is
    // not looked for. Sees every login that was answered.
    //
    // errc::not_found: none is kept. That is so for who has not logged in there, and for those whose sessions
    // have all expired. errc::overloaded, errc::storage_unavailable.
    virtual task<result<std::vector<stored_session_key>>> keys_of(user_id user, std::string appid) = 0;

    // The same of one account.
    virtual task<result<std::vector<stored_session_key>>>
    keys_of_account(std::string appid, std::string openid) = 0;

    static constexpr std::size_t most_keys = 3;

    // Puts another key, sealed, in the place of the one that keys_of gave. `fingerprint`: see login_record.
    // Resumes after that is durable. False, and nothing was changed: it is not there any more, or was sealed
    // again meanwhile.
    virtual task<result<bool>>
    replace(stored_session_key which, std::string envelope, std::uint64_t fingerprint) = 0;
};

} // namespace wxlogind::storage

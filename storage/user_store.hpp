// What is done with users beyond their logins: looking for them, changing, erasing and exporting them.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"
#include "storage/session_store.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wxlogind::storage {

// One account with WeChat.
struct identity_record {
    std::string appid;
    std::string openid;
    unix_millis created;
};

struct session_record {
    std::int64_t sid{0};
    std::string appid;
    unix_millis created;
    unix_millis seen;
    unix_millis expires;
    std::optional<unix_millis> revoked;
};

// One field at most is given. None: all users.
struct user_filter {
    std::optional<user_id> id{};
    std::optional<std::string> unionid{};
    std::optional<std::string> openid{};           // in any app
    std::optional<std::string> nick_name_prefix{}; // by bytes: case counts
    std::optional<user_state> state{};
};

// Behind which user the next page begins. Good however many users come and go meanwhile.
struct user_position {
    user_id id;
    std::string nick_name{}; // where the search goes by it
};

struct user_page {
    std::vector<user_record> users; // newest first; by nick name where that is searched
    std::optional<user_position> next{};
};

// Some of the sessions of one user, found by looking through all.
struct session_page {
    std::vector<session_record> sessions; // oldest first
    std::optional<std::int64_t> next_after{};
};

// Thread-safe, except that a task belongs to the reactor that awaits it. Writes: errc::overloaded,
// errc::storage_unavailable as in session_store. Reads: on a thread that may wait for the disk, likewise.
// What changes more than the profile writes its audit record in the same transaction.
class user_store {
public:
    virtual ~user_store() = default;

    // Gives the user as it is then. errc::not_found; errc::user_blocked: banned, and nothing was changed.
    virtual task<result<user_record>> change_profile(user_id id, profile_change change, unix_millis now) = 0;

    // The user is gone, with profile, identities and their newest sessions, and all tokens are dead; what the
    // write-ahead log still shows is gone a moment later, and what other session rows there are with the next
    // session_store::sweep. errc::not_found.
    virtual task<result<void>> erase(user_id id, revoking when) = 0;

    // At most `limit`, and further users only `behind` a position.
    virtual task<result<user_page>>
    list(user_filter filter, std::optional<user_position> behind, std::size_t limit) = 0;

    virtual task<result<std::vector<identity_record>>> identities_of(user_id id) = 0;

    // Those of `avatar_urls`, each of which begins as avatar_path does, that are in nobody's profile.
    virtual task<result<std::vector<std::string>>> unused_avatars(std::vector<std::string> avatar_urls) = 0;

    // Sessions have no index by user: looks through some ten thousand rows behind `after` for those of one,
    // and says where to go on. Begin with 0.
    virtual task<result<session_page>> sessions_of(user_id id, std::int64_t after) = 0;
};

} // namespace wxlogind::storage

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
    std::optional<unix_millis> revoked; // by itself
    bool is_revoked{false};             // by itself, or with all that the user had
};

// One field at most is given. None: all users.
struct user_filter {
    std::optional<user_id> id{};
    std::optional<std::string> unionid{};
    std::optional<std::string> openid{};           // in any app
    std::optional<std::string> nick_name_prefix{}; // by bytes: case counts
    std::optional<user_state> state{};
    // Keyed hashes of one phone number, the newest key's first: see phone_binding. Four at most count.
    std::vector<std::string> phone_indexes{};
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

// Where to go on looking for the sessions of a user: a session of each of the user's accounts.
using session_trail = std::vector<std::int64_t>;

// Some of the sessions of one user.
struct session_page {
    std::vector<session_record> sessions; // of one account after the other, newest first
    session_trail next{};                 // empty: this was the last
};

struct merge_outcome {
    user_id survivor;
    user_id merged;
    user_state state{user_state::active}; // of the survivor
};

// A user whom another one stands for since.
struct merged_record {
    user_id id;
    unix_millis created;
    unix_millis merged;
    std::string sealed_phone; // "" = none, or it is the survivor's: see user_record
    user_id phone_sealed_for;
};

// Thread-safe, except that a task belongs to the reactor that awaits it. Writes: errc::overloaded,
// errc::storage_unavailable as in session_store. Reads: on a thread that may wait for the disk, likewise.
// What changes more than the profile writes its audit record in the same transaction.
class user_store {
public:
    virtual ~user_store() = default;

    // Gives the user as it is then. errc::not_found; errc::user_blocked: banned, and nothing was changed.
    virtual task<result<user_record>> change_profile(user_id id, profile_change change, unix_millis now) = 0;

    // The user is gone, with profile, identities and their newest sessions, and all tokens are dead, also
    // those of users that were merged into this one; what the write-ahead log still shows is gone a moment
    // later, and what other session rows there are with the next session_store::sweep. By the id of a user
    // that was merged the survivor is meant. errc::not_found.
    virtual task<result<void>> erase(user_id id, revoking when) = 0;

    // Two users are one person: the younger is merged into the older. Identities and sessions follow, and of
    // the profile, phone number included, what the older one lacks; another number is kept for unmerge, as
    // long as the audit record is. Tokens of both keep working, and what was ended stays so; where
    // the survivor had ended all sessions, those that the other one had by then end as well. If one of the
    // two is banned, the survivor is, and all sessions end. Where they are one already, that is said again.
    // errc::not_found; errc::invalid_request: it is the same user twice, or two whom WeChat tells apart,
    // since they have different unionids.
    virtual task<result<merge_outcome>> merge(user_id one, user_id other, revoking when) = 0;

    // Undoes the merge of `merged`, by its audit record: identities go back to the revived user, and of the
    // profile what was taken over, unless it was changed since; the phone number, unless the survivor has
    // bound another one in its place. All sessions of both end, since nobody can
    // tell any more in whose name they were opened; a ban stays on both. Gives the survivor.
    // errc::not_found: nobody of that id was merged, or the audit record is gone.
    virtual task<result<user_id>> unmerge(user_id merged, revoking when) = 0;

    // At most `limit`, and further users only `behind` a position.
    virtual task<result<user_page>>
    list(user_filter filter, std::optional<user_position> behind, std::size_t limit) = 0;

    virtual task<result<std::vector<identity_record>>> identities_of(user_id id) = 0;

    // Those who were merged into the user, or into one who was. Their ids mean the user.
    virtual task<result<std::vector<merged_record>>> merged_into(user_id survivor) = 0;

    // Those of `avatar_urls`, each of which begins as avatar_path does, that are in nobody's profile.
    virtual task<result<std::vector<std::string>>> unused_avatars(std::vector<std::string> avatar_urls) = 0;

    // Where the search for the sessions of a user begins; empty: there are none. Asks the writer, which alone
    // knows the newest ones.
    virtual task<result<session_trail>> trail_of_sessions(user_id id) = 0;
    // Some thousand sessions at most from a trail on, all of the user's that are kept in the end.
    virtual task<result<session_page>> sessions_on(session_trail trail) = 0;
};

} // namespace wxlogind::storage

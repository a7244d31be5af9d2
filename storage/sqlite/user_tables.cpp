#include "storage/sqlite/user_tables.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

user_tables::user_tables(connection& on, login_tables& logins, session_tables& sessions, merge_tables& merges)
    : logins_{logins},
      sessions_{sessions},
      merges_{merges},
      reads_{on},
      erase_user_{on, "DELETE FROM user WHERE id = ?1"},
      erase_identities_{on, "DELETE FROM identity WHERE user = ?1"},
      identities_{on, "SELECT number FROM identity WHERE user = ?1"},
      erase_session_{on, "DELETE FROM session WHERE sid = ?1 AND identity = ?2 RETURNING previous"},
      hand_over_session_{
          on, "UPDATE session SET user = ?3 WHERE sid = ?1 AND identity = ?2 RETURNING previous"} {}

result<user_record>
user_tables::change_profile(const user_id& id, const profile_change& change, unix_millis now) {
    auto user = reads_.find(id);
    if (!user) return user;
    if (user->state == user_state::banned) return errc::user_blocked;
    logins_.change_profile(id, change, now);
    return reads_.find(id);
}

namespace {

// A statement that changes the session of sid ?1 in the chain of identity ?2, and answers with the one before
// it. nullopt: there is none.
std::optional<std::int64_t> change_one(statement& change, std::int64_t sid, std::int64_t identity) {
    change.bind(1, sid);
    change.bind(2, identity);
    std::optional<std::int64_t> previous;
    // Done only when it has run to its end.
    execution row{change};
    while (row.step())
        if (!change.is_null(0)) previous = change.number(0);
    return previous;
}

} // namespace

std::vector<std::int64_t> user_tables::identities_of(const user_id& id) {
    std::vector<std::int64_t> all;
    bind_id(identities_, 1, id);
    execution rows{identities_};
    while (rows.step()) all.push_back(identities_.number(0));
    return all;
}

void user_tables::erase_sessions(std::int64_t identity) {
    constexpr int most = 256; // logins wait meanwhile
    auto next = logins_.newest_session_of(identity);
    for (int erased = 0; next && erased < most; ++erased) next = change_one(erase_session_, *next, identity);
}

result<void> user_tables::erase(const user_id& id, const revoking& when) {
    if (const auto user = reads_.find(id); !user) return user.error();
    sessions_.revoke_all_of(id, when);
    for (const std::int64_t each : identities_of(id)) erase_sessions(each);
    // Their rows in newest_session stay, which are numbers and no more: so none is given to another identity.
    bind_id(erase_identities_, 1, id);
    run(erase_identities_);
    merges_.forget_merged_into(id);
    bind_id(erase_user_, 1, id);
    run(erase_user_);
    return {};
}

result<user_id> user_tables::unmerge(const user_id& merged, const revoking& when) {
    const auto revived = merges_.unmerge(merged, when);
    if (!revived) return revived.error();
    for (const std::int64_t each : revived->identities) hand_over_sessions(each, merged);
    return revived->survivor;
}

// Those that were opened while it was merged. All are over: what counts is whose they were.
void user_tables::hand_over_sessions(std::int64_t identity, const user_id& to) {
    constexpr int most = 4096;
    auto next = logins_.newest_session_of(identity);
    for (int done = 0; next && done < most; ++done) {
        bind_id(hand_over_session_, 3, to);
        next = change_one(hand_over_session_, *next, identity);
    }
}

session_trail user_tables::trail_of_sessions(const user_id& id) {
    session_trail trail;
    for (const std::int64_t each : identities_of(id))
        if (const auto newest = logins_.newest_session_of(each)) trail.push_back(*newest);
    return trail;
}

} // namespace wxlogind::storage::sqlite

// Changes of users beyond their logins, in SQL.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/login_tables.hpp"
#include "storage/sqlite/merge_tables.hpp"
#include "storage/sqlite/user_reads.hpp"
#include "storage/user_store.hpp"

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
class user_tables {
public:
    // The references outlive this.
    user_tables(connection& on, login_tables& logins, session_tables& sessions, merge_tables& merges);

    // As user_store::change_profile.
    [[nodiscard]] result<user_record>
    change_profile(const user_id& id, const profile_change& change, unix_millis now);

    // The rows of a user, its identities and, of their sessions, those that are found from the newest back;
    // all are ended. errc::not_found.
    [[nodiscard]] result<void> erase(const user_id& id, const revoking& when);

    // As user_store::unmerge.
    [[nodiscard]] result<user_id> unmerge(const user_id& merged, const revoking& when);

    // As user_store::trail_of_sessions.
    [[nodiscard]] session_trail trail_of_sessions(const user_id& id);

private:
    [[nodiscard]] std::vector<std::int64_t> identities_of(const user_id& id);
    void erase_sessions(std::int64_t identity);
    void hand_over_sessions(std::int64_t identity, const user_id& to);

    login_tables& logins_;
    session_tables& sessions_;
    merge_tables& merges_;
    user_reads reads_;
    statement erase_user_;
    statement erase_identities_;
    statement identities_;
    statement erase_session_;
    statement hand_over_session_;
};

} // namespace wxlogind::storage::sqlite

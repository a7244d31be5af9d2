// Changes of users beyond their logins, in SQL.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/login_tables.hpp"
#include "storage/sqlite/user_reads.hpp"
#include "storage/store.hpp"

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
class user_tables {
public:
    // The references outlive this.
    user_tables(connection& on, login_tables& logins);

    // As user_store::change_profile.
    [[nodiscard]] result<user_record>
    change_profile(const user_id& id, const profile_change& change, unix_millis now);

    // The rows of a user, its identities and, of their sessions, those that are found from the newest back.
    // errc::not_found.
    [[nodiscard]] result<void> erase(const user_id& id);

private:
    void erase_sessions(const user_id& user, std::int64_t identity);

    login_tables& logins_;
    user_reads reads_;
    statement erase_user_;
    statement erase_identities_;
    statement identities_;
    statement erase_session_;
};

} // namespace wxlogind::storage::sqlite

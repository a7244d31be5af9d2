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
    user_tables(connection& on, login_tables& logins) : logins_{logins}, reads_{on} {}

    // As user_store::change_profile.
    [[nodiscard]] result<user_record>
    change_profile(const user_id& id, const profile_change& change, unix_millis now);

private:
    login_tables& logins_;
    user_reads reads_;
};

} // namespace wxlogind::storage::sqlite

// The session_keys in the chains of sessions, in SQL.
#pragma once

#include "storage/session_key_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/login_tables.hpp"

#include <string_view>
#include <vector>

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection: where a chain begins is known there alone, since it is written
// behind. Throws sqlite_error.
class session_key_tables {
public:
    // Both outlive this.
    session_key_tables(connection& on, login_tables& logins);

    // As session_key_store::keys_of.
    [[nodiscard]] result<std::vector<stored_session_key>>
    keys_of(const user_id& user, std::string_view appid);
    [[nodiscard]] result<std::vector<stored_session_key>>
    keys_of_account(std::string_view appid, std::string_view openid);

private:
    void follow(std::int64_t identity, std::string_view openid, std::vector<stored_session_key>& into);

    login_tables& logins_;
    statement identities_;
    statement account_;
    statement session_;
};

} // namespace wxlogind::storage::sqlite

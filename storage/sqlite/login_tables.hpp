// The rules of a login, in SQL.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/id_sources.hpp"
#include "storage/sqlite/merge_tables.hpp"
#include "storage/sqlite/newest_sessions.hpp"
#include "storage/sqlite/session_tables.hpp"
#include "storage/store.hpp"
#include "storage/store_counters.hpp"

#include <map>

namespace wxlogind::storage::sqlite {

// The prepared statements of one writer connection. Every call belongs into a transaction, and throws
// sqlite_error.
class login_tables {
public:
    // The references outlive this.
    login_tables(
        connection& on, id_sources& ids, session_tables& sessions, merge_tables& merges,
        store_counters& counters, const newest_sessions::limits& newest);

    void begin();
    // What is written behind, for a transaction of so many rows: before the first of them.
    void write_behind(std::size_t rows);
    void commit();
    // The transaction was rolled back: what was learnt in it is not so.
    void forget_transaction() {
        apps_.clear();
        newest_.roll_back();
    }

    // What logins have made in this transaction.
    struct made {
        std::uint64_t sessions{0};
        std::uint64_t users{0};
    };
    [[nodiscard]] const made& made_in_transaction() const noexcept { return made_; }

    [[nodiscard]] login_outcome record(const login_record& login);
    void mark_probe(unix_millis now);
    // A user that does not exist is fine. A field that has the value already is not written.
    void change_profile(const user_id& id, const profile_change& change, unix_millis now);
    // nullopt: it has none.
    [[nodiscard]] std::optional<std::int64_t> newest_session_of(std::int64_t identity);

private:
    // Whose session is opened: the user, by which identity, after which session of it (nullopt: its first).
    struct login_place {
        user_id user;
        std::int64_t identity{0};
        std::optional<std::int64_t> previous;
    };

    std::int64_t number_of_app(const std::string& appid);
    login_outcome record_first(std::int64_t app, const login_record& login);
    void make_user(const user_id& id, const login_record& login);
    [[nodiscard]] std::optional<user_id> user_of_unionid(std::string_view unionid);
    void adopt_unionid(login_outcome& outcome, std::string_view unionid, const login_record& login);
    std::int64_t open_session(std::int64_t app, const login_record& login, const login_place& of);
    void remember_newest_sessions(connection& on);

    id_sources& ids_;
    session_tables& sessions_;
    merge_tables& merges_;
    store_counters& counters_;
    std::map<std::string, std::int64_t, std::less<>> apps_; // as many as are configured
    newest_sessions newest_;
    made made_;
    bool has_warned_{false};

    statement begin_;
    statement commit_;
    statement find_app_;
    statement make_app_;
    statement find_identity_;
    statement make_identity_;
    statement find_newest_;
    statement make_newest_;
    statement change_newest_;
    statement raise_newest_floor_;
    statement find_unionid_;
    statement make_user_;
    statement change_profile_;
    statement set_unionid_;
    statement make_session_;
    statement mark_probe_;
};

} // namespace wxlogind::storage::sqlite

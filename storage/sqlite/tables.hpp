// Everything that is written in one transaction: a member for each topic, whose statements lie in a file of
// their own. A new kind of row is a new member here, and a new kind of write a function of it.
#pragma once

#include "storage/sqlite/login_tables.hpp"
#include "storage/sqlite/session_tables.hpp"
#include "storage/sqlite/user_tables.hpp"

namespace wxlogind::storage::sqlite {

// Of one opening of the writer's connection; the writer thread's. Throws sqlite_error.
struct tables {
    // The references outlive this.
    tables(connection& on, id_sources& ids, store_counters& counters)
        : logins{on, ids, counters}, sessions{on, ids}, users{on, logins} {}

    login_tables logins;
    session_tables sessions;
    user_tables users;

    void begin() { logins.begin(); }
    void commit() { logins.commit(); }
    // The transaction was rolled back: what was learnt in it is not so.
    void forget_transaction() noexcept {
        logins.forget_transaction();
        sessions.forget_transaction();
    }
};

} // namespace wxlogind::storage::sqlite

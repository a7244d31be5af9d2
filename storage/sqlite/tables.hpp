// Everything that is written in one transaction: a member for each topic, whose statements lie in a file of
// their own. A new kind of row is a new member here, and a new kind of write a function of it.
#pragma once

#include "storage/sqlite/audit_tables.hpp"
#include "storage/sqlite/login_tables.hpp"
#include "storage/sqlite/merge_tables.hpp"
#include "storage/sqlite/phone_tables.hpp"
#include "storage/sqlite/refresh_tables.hpp"
#include "storage/sqlite/sealed_tables.hpp"
#include "storage/sqlite/session_key_tables.hpp"
#include "storage/sqlite/session_tables.hpp"
#include "storage/sqlite/user_tables.hpp"
#include "storage/sqlite/writer_memory.hpp"

namespace wxlogind::storage::sqlite {

// Of one opening of the writer's connection; the writer thread's. Throws sqlite_error.
struct tables {
    // The references outlive this.
    tables(
        connection& on, writer_memory& memory, store_counters& counters,
        const newest_sessions::limits& newest)
        : sessions{on, memory.ids},
          refreshes{on, memory, sessions},
          audit{on, memory.ids, counters},
          merges{on, sessions, audit, counters},
          logins{on, memory.ids, sessions, merges, counters, newest},
          session_keys{on, logins},
          users{on, logins, sessions, merges},
          phones{on},
          sealed{on} {}

    session_tables sessions;
    refresh_tables refreshes;
    audit_tables audit;
    merge_tables merges;
    login_tables logins;
    session_key_tables session_keys;
    user_tables users;
    phone_tables phones;
    sealed_tables sealed;

    // Something was deleted for good: the write-ahead log is not to show it for longer than can be helped.
    bool wants_empty_log{false};

    void begin() { logins.begin(); }
    // Before the first of so many writes.
    void write_behind(std::size_t rows) { logins.write_behind(rows); }
    void commit() { logins.commit(); }
    // It is durable, and whoever has to know of it knows.
    void end_transaction() noexcept {
        sessions.forget_transaction();
        merges.forget_transaction();
        refreshes.end_transaction();
    }
    // It was rolled back: what was learnt in it is not so.
    void forget_transaction() {
        logins.forget_transaction();
        sessions.forget_transaction();
        merges.forget_transaction();
        refreshes.forget_transaction();
    }
};

} // namespace wxlogind::storage::sqlite

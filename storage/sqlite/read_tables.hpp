// Everything that is read through one connection: a member for each topic, as in tables.hpp.
#pragma once

#include "storage/sqlite/session_reads.hpp"
#include "storage/sqlite/user_reads.hpp"

namespace wxlogind::storage::sqlite {

// One thread at a time. Throws sqlite_error.
struct read_tables {
    explicit read_tables(connection& on) : users{on}, sessions{on} {}

    user_reads users;
    session_reads sessions;
};

} // namespace wxlogind::storage::sqlite

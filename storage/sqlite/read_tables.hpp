// Everything that is read through one connection: a member for each topic, as in tables.hpp.
#pragma once

#include "storage/sqlite/audit_reads.hpp"
#include "storage/sqlite/sealed_reads.hpp"
#include "storage/sqlite/session_reads.hpp"
#include "storage/sqlite/session_trails.hpp"
#include "storage/sqlite/user_lists.hpp"
#include "storage/sqlite/user_reads.hpp"

namespace wxlogind::storage::sqlite {

// One thread at a time. Throws sqlite_error.
struct read_tables {
    explicit read_tables(connection& on)
        : users{on}, sessions{on}, lists{on}, trails{on}, audit{on}, sealed{on} {}

    user_reads users;
    session_reads sessions;
    user_lists lists;
    session_trails trails;
    audit_reads audit;
    sealed_reads sealed;
};

} // namespace wxlogind::storage::sqlite

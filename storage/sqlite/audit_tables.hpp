// The audit log's rows, in SQL.
#pragma once

#include "storage/audit_log.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/id_sources.hpp"
#include "storage/store_counters.hpp"

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
class audit_tables {
public:
    // The references outlive this.
    audit_tables(connection& on, id_sources& ids, store_counters& counters);

    void append(const audit_entry& entry, unix_millis now);

    // As audit_log::forget_before.
    [[nodiscard]] bool forget_before(unix_millis time);

private:
    id_sources& ids_;
    store_counters& counters_;
    statement append_;
    statement raise_floor_;
    statement forget_;
    statement find_older_;
};

} // namespace wxlogind::storage::sqlite

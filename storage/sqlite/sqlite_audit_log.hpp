// The audit log, in an SQLite file.
#pragma once

#include "storage/audit_log.hpp"
#include "storage/sqlite/long_reads.hpp"
#include "storage/sqlite/table_write.hpp"

namespace wxlogind::storage::sqlite {

class sqlite_audit_log final : public audit_log {
public:
    // Both outlive this.
    sqlite_audit_log(write_gate& writes, long_reads& reads) : writes_{writes}, reads_{reads} {}

    task<result<void>> append(audit_entry entry, unix_millis now) override;
    task<result<audit_page>> read(audit_query query) override;
    task<result<bool>> forget_before(unix_millis time) override;

private:
    write_gate& writes_;
    long_reads& reads_;
};

} // namespace wxlogind::storage::sqlite

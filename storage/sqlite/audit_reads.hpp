// The audit log as it is read: its rows, and the logins that the sessions tell of. Throws sqlite_error.
#pragma once

#include "storage/audit_log.hpp"
#include "storage/sqlite/connection.hpp"

namespace wxlogind::storage::sqlite {

class audit_reads {
public:
    explicit audit_reads(connection& on); // which outlives this

    // As audit_log::read.
    [[nodiscard]] audit_page page(const audit_query& query);

private:
    // Newest first. `end`: how far back it has looked; 0 = to the beginning.
    struct part {
        std::vector<audit_record> records;
        audit_position end{0};
    };
    [[nodiscard]] part own_records(const audit_query& query);
    [[nodiscard]] part logins(const audit_query& query);

    statement records_;
    statement records_of_user_;
    statement sessions_;
};

} // namespace wxlogind::storage::sqlite

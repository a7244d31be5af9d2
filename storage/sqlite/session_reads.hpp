// Sessions as they are read. Throws sqlite_error.
#pragma once

#include "storage/session_store.hpp"
#include "storage/sqlite/connection.hpp"

#include <vector>

namespace wxlogind::storage::sqlite {

class session_reads {
public:
    explicit session_reads(connection& on); // which outlives this

    [[nodiscard]] std::vector<revocation> revocations_at(unix_millis now);

private:
    statement revocations_;
};

} // namespace wxlogind::storage::sqlite

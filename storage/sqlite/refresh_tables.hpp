// The rotation of refresh tokens, in SQL.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/session_tables.hpp"
#include "storage/sqlite/writer_memory.hpp"

#include <vector>

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
class refresh_tables {
public:
    // The references outlive this.
    refresh_tables(connection& on, writer_memory& memory, session_tables& sessions);

    [[nodiscard]] refresh_outcome refresh(const refresh_request& request);

    // The transaction is durable: who waits for one of its refreshes is answered.
    void end_transaction() noexcept;
    // It failed, and nobody will be answered.
    void forget_transaction() noexcept;

private:
    struct rotation {
        std::int64_t sid;
        std::uint32_t generation;
    };

    void raise_mark(unix_millis refreshed);

    writer_memory& memory_;
    session_tables& sessions_;
    std::vector<rotation> rotations_; // of this transaction
    // What meta says, for session_tables::refreshed_before: as committed, and in this transaction.
    unix_millis mark_;
    unix_millis raised_mark_;

    statement find_;
    statement rotate_;
    statement raise_mark_;
};

} // namespace wxlogind::storage::sqlite

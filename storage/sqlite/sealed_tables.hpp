// Sealed values, replaced by others.
#pragma once

#include "storage/sealed_store.hpp"
#include "storage/sqlite/connection.hpp"

namespace wxlogind::storage::sqlite {

// Statements of the writer's connection. Every call belongs into a transaction, and throws sqlite_error.
class sealed_tables {
public:
    explicit sealed_tables(connection& on); // which outlives this

    // false: it is something else by now.
    [[nodiscard]] bool replace(const resealed_value& value);

private:
    statement replace_;
};

} // namespace wxlogind::storage::sqlite

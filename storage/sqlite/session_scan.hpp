// Sessions of one user, found by looking through all: they have no index but their ids. Throws sqlite_error.
#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/user_store.hpp"

namespace wxlogind::storage::sqlite {

class session_scan {
public:
    explicit session_scan(connection& on); // which outlives this

    // As user_store::sessions_of.
    [[nodiscard]] session_page sessions_of(const user_id& id, std::int64_t after);

private:
    statement rows_;
};

} // namespace wxlogind::storage::sqlite

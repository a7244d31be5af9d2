// Users as they are read. Throws sqlite_error.
#pragma once

#include "core/base/errors.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/store.hpp"

namespace wxlogind::storage::sqlite {

class user_reads {
public:
    explicit user_reads(connection& on); // which outlives this

    // errc::not_found.
    [[nodiscard]] result<user_record> find(const user_id& id);

private:
    statement find_;
};

} // namespace wxlogind::storage::sqlite

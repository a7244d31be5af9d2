// A copy of a database file that another process may be writing.
#pragma once

#include "storage/sqlite/location.hpp"

#include <cstdint>
#include <string>

namespace wxlogind::storage::sqlite {

// As storage::back_up says; returns how many users the copy has. Throws sqlite_error, std::runtime_error.
std::int64_t copy_database(const location& from, const std::string& to);

} // namespace wxlogind::storage::sqlite

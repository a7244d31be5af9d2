// Which database, and how its file is opened.
#pragma once

#include "storage/sqlite/connection.hpp"

#include <cstddef>
#include <string>

namespace wxlogind::storage::sqlite {

enum class start_check : unsigned char {
    after_crash, // quick_check when the last process did not close the database, if it is not too large
    always,      // quick_check at every start, whatever it takes
    never,
};

struct location {
    std::string path;
    std::string vfs; // "" = SQLite's default
    start_check check{start_check::after_crash};
};

// The connection of the writer, the only one that writes and folds back the log. Pages that it has used stay
// in memory, up to `cache_bytes` of it: meant for the upper levels of the trees, leaves come from the page
// cache of the system. Throws sqlite_error.
[[nodiscard]] connection
open_for_writing(const location& where, open_mode mode, std::size_t cache_bytes = std::size_t{1} << 20);

// For one statement that reads everything. Throws sqlite_error.
[[nodiscard]] connection open_for_copying(const location& where);

// For reads by key beside the writer. Throws sqlite_error.
[[nodiscard]] connection open_for_reading(const location& where);

} // namespace wxlogind::storage::sqlite

// What is looked at before a database is used.
#pragma once

#include "storage/sqlite/location.hpp"

namespace wxlogind::storage::sqlite {

// After a crash (a log that was not folded back) larger databases are not read through at start, which should
// take less than a second: 133 MB took 0.11 s from the system's page cache, and a disk is slower.
// ?check=always does it for any size.
inline constexpr std::uintmax_t largest_quick_check = 256u << 20;

// Makes the file, readable by its owner only, where there is none; says so in the log. Before SQLite has it
// open. Throws std::runtime_error.
void make_private_file(const location& where);

// PRAGMA quick_check as `where.check` asks. To be called before the database is opened otherwise.
// Throws std::runtime_error that says what is damaged and what to do.
void check_before_use(const location& where);

} // namespace wxlogind::storage::sqlite

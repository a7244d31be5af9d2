// One process a database.
#pragma once

#include <string>

namespace wxlogind::storage::sqlite {

// Holds `<database>.lock` for as long as it lives; the system lets go of it when the process dies. The lock
// is on a file of its own, because closing any descriptor of the database file itself would drop SQLite's
// locks.
class file_lock {
public:
    // Symbolic links to the same database meet in the same lock. Throws std::runtime_error that names the
    // process which has the database open.
    explicit file_lock(const std::string& database);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

private:
    int descriptor_{-1};
};

} // namespace wxlogind::storage::sqlite

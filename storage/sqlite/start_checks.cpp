#include "storage/sqlite/start_checks.hpp"

#include "core/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace wxlogind::storage::sqlite {

namespace {

std::uintmax_t size_of(const std::string& path) {
    std::error_code none;
    const auto size = std::filesystem::file_size(path, none);
    return none ? 0 : size;
}

// "ok", or what is wrong. Damage to the schema's own pages shows before a check can begin.
std::string quick_check(const location& where) {
    try {
        connection db = open_for_writing(where, open_mode::read_write);
        return db.ask_text("PRAGMA quick_check(1)");
    } catch (const sqlite_error& e) {
        if (!e.is_damage()) throw;
        return e.what();
    }
}

} // namespace

void make_private_file(const location& where) {
    const int descriptor = ::open(where.path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
        log_info("a new database", {{"path", where.path}});
    } else if (errno != EEXIST) {
        throw std::runtime_error{"make " + where.path + ": " + std::strerror(errno)};
    }
}

void check_before_use(const location& where) {
    const auto size = size_of(where.path);
    const bool was_closed = size_of(where.path + "-wal") == 0;
    if (where.check == start_check::never || size == 0) return;
    if (where.check == start_check::after_crash) {
        if (was_closed) return;
        if (size > largest_quick_check) {
            log_warning(
                "the database was not closed; it is too large for a check at start (?check=always does it)",
                {{"path", where.path}, {"bytes", std::to_string(size)}});
            return;
        }
    }
    if (const auto finding = quick_check(where); finding != "ok")
        throw std::runtime_error{
            "the database " + where.path + " is damaged (" + finding +
            "): restore a backup, or start with ?check=never at the end of storage.url to save what is left"};
    log_info("the database was checked", {{"path", where.path}, {"bytes", std::to_string(size)}});
}

} // namespace wxlogind::storage::sqlite

#include "storage/sqlite/backup_copy.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace wxlogind::storage::sqlite {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error{what + ": " + std::strerror(errno)};
}

// The copy until it is whole: gone again unless it was given its name.
class unfinished_file {
public:
    explicit unfinished_file(const std::string& to) : path_{to + ".partial-" + std::to_string(::getpid())} {
        // Empty and private; SQLite fills an empty file and leaves its mode alone.
        const int made = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (made < 0) fail("make " + path_);
        ::close(made);
    }
    ~unfinished_file() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    unfinished_file(const unfinished_file&) = delete;
    unfinished_file& operator=(const unfinished_file&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    // SQLite does not sync what VACUUM INTO writes.
    void take_name(const std::string& name) {
        sync(path_);
        if (::rename(path_.c_str(), name.c_str()) != 0) fail("rename to " + name);
        path_.clear();
        const auto directory = std::filesystem::absolute(name).parent_path();
        sync(directory.string());
    }

private:
    static void sync(const std::string& path) {
        const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (opened < 0 || ::fsync(opened) != 0) fail("sync " + path);
        ::close(opened);
    }

    std::string path_;
};

std::string in_sql(const std::string& text) {
    std::string quoted{"'"};
    for (const char each : text) quoted.append(each == '\'' ? 2 : 1, each);
    return quoted + "'";
}

void refuse_the_database_itself(const location& from, const std::string& to) {
    std::error_code ignored;
    for (const char* const tail : {"", "-wal", "-shm", ".lock"})
        if (std::filesystem::equivalent(from.path + tail, to, ignored))
            throw std::runtime_error{
                to + " is the database itself, or belongs to it: another name is needed"};
}

// One statement, and so one moment: a later commit of the server's changes nothing in it. The backup
// interface of SQLite would begin anew with each of them.
void write_copy(const location& from, const std::string& to) {
    if (!std::filesystem::exists(from.path)) throw std::runtime_error{from.path + ": there is no database"};
    connection db = open_for_copying(from);
    if (db.ask_number("PRAGMA user_version").value_or(0) == 0)
        throw std::runtime_error{from.path + " is no database of wxlogind"};
    db.run("VACUUM INTO " + in_sql(to));
}

std::int64_t check_copy(const std::string& path) {
    connection copy{path, open_mode::read_only, ""};
    if (const auto finding = copy.ask_text("PRAGMA integrity_check(1)"); finding != "ok")
        throw std::runtime_error{"the copy is damaged, and so may be the database: " + finding};
    return copy.ask_number("SELECT count(*) FROM user").value_or(0);
}

} // namespace

std::int64_t copy_database(const location& from, const std::string& to) {
    refuse_the_database_itself(from, to);
    unfinished_file unfinished{to};
    write_copy(from, unfinished.path());
    const std::int64_t users = check_copy(unfinished.path());
    unfinished.take_name(to);
    return users;
}

} // namespace wxlogind::storage::sqlite

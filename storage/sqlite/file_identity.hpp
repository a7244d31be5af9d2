// Whether a path still names the file that was opened.
#pragma once

#include <sys/stat.h>

#include <string>

namespace wxlogind::storage::sqlite {

// A deleted file can be written to and synced without any error, and all of it is lost. stat() is safe
// here: unlike close(), it does not touch SQLite's locks.
struct file_identity {
    dev_t device{0};
    ino_t inode{0}; // 0: there is no such file

    static file_identity of(const std::string& path) noexcept {
        struct stat found{};
        if (::stat(path.c_str(), &found) != 0) return {};
        return {found.st_dev, found.st_ino};
    }

    [[nodiscard]] bool exists() const noexcept { return inode != 0; }
    bool operator==(const file_identity&) const = default;
};

} // namespace wxlogind::storage::sqlite

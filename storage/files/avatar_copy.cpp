// The pictures' part of a backup.
#include "storage/avatar_store.hpp"
#include "storage/files/avatar_directory.hpp"
#include "storage/files/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace wxlogind::storage::files {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error{what + ": " + std::generic_category().message(errno)};
}

void make_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("make " + path);
}

} // namespace

avatar_copy::avatar_copy(std::string from, std::string to)
    : from_{std::move(from)}, to_{std::move(to)}, partial_{to_ + ".partial-" + std::to_string(::getpid())} {
    make_directory(partial_);
}

avatar_copy::~avatar_copy() {
    std::error_code ignored;
    if (!has_name_) fs::remove_all(partial_, ignored);
}

void avatar_copy::add_new() {
    if (!fs::exists(from_)) return;
    for (const auto& shelf : fs::directory_iterator{from_}) {
        if (!shelf.is_directory()) continue;
        const std::string name = shelf.path().filename().string();
        make_directory(partial_ + "/" + name);
        for (const auto& file : fs::directory_iterator{shelf.path()})
            if (is_avatar_id(file.path().filename().string())) add(name, file.path().filename().string());
        if (!sync_directory(partial_ + "/" + name)) fail("sync " + partial_);
    }
}

void avatar_copy::add(const std::string& shelf, const std::string& file) const {
    const std::string original = from_ + "/" + shelf + "/" + file;
    const std::string copy = partial_ + "/" + shelf + "/" + file;
    if (::link(original.c_str(), copy.c_str()) == 0 || errno == EEXIST || errno == ENOENT) return;
    // Another file system, or one without links.
    std::string content;
    if (!read_whole_file(original, content)) {
        if (errno == ENOENT) return;
        fail("read " + original);
    }
    if (!write_new_file(copy, content)) fail("write " + copy);
}

std::uintmax_t avatar_copy::take_name() {
    std::uintmax_t count = 0;
    for (const auto& each : fs::recursive_directory_iterator{partial_})
        count += each.is_regular_file() ? 1 : 0;
    if (count == 0) {
        fs::remove_all(to_);
        return 0;
    }
    const std::string old = partial_ + ".old";
    if (::rename(to_.c_str(), old.c_str()) != 0 && errno != ENOENT) fail("rename " + to_);
    if (::rename(partial_.c_str(), to_.c_str()) != 0) fail("rename to " + to_);
    has_name_ = true;
    if (!sync_directory(fs::absolute(to_).parent_path().string())) fail("sync " + to_);
    fs::remove_all(old);
    return count;
}

} // namespace wxlogind::storage::files

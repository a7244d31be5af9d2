#include "storage/files/avatar_directory.hpp"

#include "core/base/log.hpp"
#include "storage/avatar_store.hpp"
#include "storage/files/file.hpp"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace wxlogind::storage::files {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view unfinished_tail{".unfinished"};

failure trouble(std::string_view what, const std::string& path) {
    log_error(
        "a picture could not be stored or read",
        {{"what", what}, {"file", path}, {"why", std::generic_category().message(errno)}});
    return errc::storage_unavailable;
}

// With what is above it, but for the directory of the database, which is there.
bool make_directory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) == 0) return sync_directory(fs::path{path}.parent_path().string());
    return errno == EEXIST;
}

} // namespace

std::string avatar_directory_of(const std::string& database) {
    return database + "-avatars";
}

avatar_directory::avatar_directory(std::string path, std::uint64_t min_free)
    : path_{std::move(path)}, min_free_{min_free} {}

std::string avatar_directory::shelf_of(const std::string& id) const {
    return path_ + "/" + id.substr(0, 2);
}
std::string avatar_directory::file_of(const std::string& id) const {
    return shelf_of(id) + "/" + id;
}

bool avatar_directory::has_room_for(std::size_t bytes) const {
    struct statvfs disk{};
    const std::string beside = fs::path{path_}.parent_path().string();
    if (::statvfs(beside.empty() ? "." : beside.c_str(), &disk) != 0) return false;
    return disk.f_bavail * disk.f_frsize >= min_free_ + bytes;
}

result<void> avatar_directory::write(const std::string& id, std::string_view picture) const {
    if (!has_room_for(picture.size())) {
        errno = ENOSPC;
        return trouble("too little of the disk is free", path_);
    }
    const std::string shelf = shelf_of(id);
    if (!make_directory(path_) || !make_directory(shelf)) return trouble("make", shelf);
    const std::string unfinished = shelf + "/" + id + std::string{unfinished_tail};
    if (!write_new_file(unfinished, picture)) {
        failure why = trouble("write", unfinished);
        ::unlink(unfinished.c_str());
        return why;
    }
    const std::string file = shelf + "/" + id;
    if (std::rename(unfinished.c_str(), file.c_str()) != 0 || !sync_directory(shelf)) {
        failure why = trouble("name", file);
        ::unlink(unfinished.c_str());
        ::unlink(file.c_str());
        return why;
    }
    return {};
}

result<std::uint64_t> avatar_directory::size_of(const std::string& id) const {
    struct stat about{};
    const std::string file = file_of(id);
    if (::stat(file.c_str(), &about) == 0) return static_cast<std::uint64_t>(about.st_size);
    if (errno == ENOENT) return errc::not_found;
    return trouble("look at", file);
}

result<std::string> avatar_directory::read(const std::string& id) const {
    const std::string file = file_of(id);
    std::string content;
    if (read_whole_file(file, content)) return content;
    if (errno == ENOENT) return errc::not_found;
    return trouble("read", file);
}

result<void> avatar_directory::remove(const std::string& id) const {
    const std::string file = file_of(id);
    if (::unlink(file.c_str()) != 0) {
        if (errno == ENOENT) return {};
        return trouble("remove", file);
    }
    if (!sync_directory(shelf_of(id))) return trouble("remove", file);
    return {};
}

result<std::vector<std::string>> avatar_directory::aged(unsigned shelf, std::chrono::seconds age) const {
    constexpr std::string_view digits{"0123456789abcdef"};
    const std::string where = path_ + "/" + digits[shelf >> 4 & 15] + digits[shelf & 15];
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator files{where, error};
    if (error == std::errc::no_such_file_or_directory) return names;
    if (error) {
        errno = error.value();
        return trouble("look through", where);
    }
    const auto limit = fs::file_time_type::clock::now() - age;
    for (; files != fs::directory_iterator{}; files.increment(error)) {
        if (error) break;
        const auto changed = files->last_write_time(error);
        if (error || changed > limit) continue;
        std::string name = files->path().filename().string();
        if (is_avatar_id(name))
            names.push_back(std::move(name));
        else if (name.ends_with(unfinished_tail))
            ::unlink(files->path().c_str());
    }
    return names;
}

} // namespace wxlogind::storage::files

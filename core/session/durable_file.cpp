#include "core/session/durable_file.hpp"

#include "core/base/encoding.hpp"
#include "core/base/random.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace wxlogind::session {

namespace {

bool is_same_file(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

} // namespace

descriptor::~descriptor() {
    if (number_ >= 0) ::close(number_);
}

void refuse_file(const std::string& path, const std::string& why) {
    throw keyring_error{path + ": " + why};
}

void refuse_by_system(const std::string& path, const std::string& what, int error) {
    refuse_file(path, what + ": " + std::generic_category().message(error));
}

descriptor open_to_read(const std::string& path) {
    return descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
}

descriptor open_locked(const std::string& path) {
    for (;;) {
        descriptor file = open_to_read(path);
        if (!file.is_open()) refuse_by_system(path, "cannot be opened", errno);
        while (::flock(file.number(), LOCK_EX) != 0)
            if (errno != EINTR) refuse_by_system(path, "cannot be locked", errno);
        struct stat opened{};
        struct stat named{};
        if (::fstat(file.number(), &opened) != 0) refuse_by_system(path, "cannot be examined", errno);
        // Who had the lock before may have put another file in its place.
        if (::lstat(path.c_str(), &named) == 0 && is_same_file(opened, named)) return file;
    }
}

file_in_the_making::file_in_the_making(const std::string& target)
    : target_{target},
      path_{target + ".new-" + hex_encode(random_bytes(8))},
      file_{::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)} {
    if (!file_.is_open()) refuse_by_system(target_, "cannot be made in its directory", errno);
}

file_in_the_making::~file_in_the_making() {
    ::unlink(path_.c_str());
}

void file_in_the_making::write_durably(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(file_.number(), text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refuse_by_system(target_, "cannot be written", errno);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fchmod(file_.number(), 0600) != 0 || ::fsync(file_.number()) != 0)
        refuse_by_system(target_, "cannot be written", errno);
}

void file_in_the_making::take_owner_of(int original) {
    struct stat status{};
    if (::fstat(original, &status) != 0) refuse_by_system(target_, "cannot be examined", errno);
    if (::geteuid() == 0 && ::fchown(file_.number(), status.st_uid, status.st_gid) != 0)
        refuse_by_system(target_, "cannot be given back to its owner", errno);
}

bool file_in_the_making::take_name() {
    if (::link(path_.c_str(), target_.c_str()) == 0) return true;
    if (errno != EEXIST) refuse_by_system(target_, "cannot be given its name", errno);
    return false;
}

void file_in_the_making::replace_target() {
    if (std::rename(path_.c_str(), target_.c_str()) != 0)
        refuse_by_system(target_, "cannot be replaced", errno);
}

void sync_directory_of(const std::string& path) {
    const auto parent = std::filesystem::path{path}.parent_path();
    const descriptor directory{
        ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory.is_open() || ::fsync(directory.number()) != 0)
        refuse_by_system(path, "its directory cannot be written to disk", errno);
}

} // namespace wxlogind::session

#include "storage/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace wxlogind::storage::sqlite {

namespace {

// What the holder wrote: its process id.
std::string read_holder(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
    std::string_view holder{text.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
    holder = holder.substr(0, holder.find_first_not_of("0123456789"));
    return holder.empty() ? "another process" : "process " + std::string{holder};
}

} // namespace

file_lock::file_lock(const std::string& database) {
    const std::string path = std::filesystem::weakly_canonical(database).string() + ".lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor_ < 0) throw std::runtime_error{"open " + path + ": " + std::strerror(errno)};

    int outcome = 0;
    do outcome = ::flock(descriptor_, LOCK_EX | LOCK_NB);
    while (outcome != 0 && errno == EINTR);
    if (outcome != 0) {
        const int why = errno;
        const std::string holder = read_holder(descriptor_);
        ::close(descriptor_);
        if (why == EWOULDBLOCK)
            throw std::runtime_error{
                "the database " + database + " is in use by " + holder + " (" + path +
                " is locked): one process a database"};
        throw std::runtime_error{"lock " + path + ": " + std::strerror(why)};
    }

    // For people and for the message above; the lock does not depend on it, so a full disk is no obstacle.
    const std::string holder = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor_, 0) == 0) {
        [[maybe_unused]] const auto written = ::pwrite(descriptor_, holder.data(), holder.size(), 0);
    }
}

file_lock::~file_lock() {
    ::close(descriptor_);
}

} // namespace wxlogind::storage::sqlite

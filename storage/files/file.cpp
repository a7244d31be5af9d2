#include "storage/files/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace wxlogind::storage::files {

namespace {

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_{number} {}
    // Leaves errno alone.
    ~descriptor() {
        const int before = errno;
        if (number_ >= 0) ::close(number_);
        errno = before;
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    const int number_;
};

} // namespace

bool write_new_file(const std::string& path, std::string_view content) {
    const descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!file.is_open()) return false;
    while (!content.empty()) {
        const ssize_t written = ::write(file.number(), content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(file.number()) == 0;
}

bool read_whole_file(const std::string& path, std::string& content) {
    const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    struct stat about{};
    if (!file.is_open() || ::fstat(file.number(), &about) != 0) return false;
    content.resize(static_cast<std::size_t>(about.st_size));
    std::size_t done = 0;
    while (done < content.size()) {
        const ssize_t got = ::read(file.number(), content.data() + done, content.size() - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    content.resize(done);
    return true;
}

bool sync_directory(const std::string& path) {
    const descriptor directory{::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return directory.is_open() && ::fsync(directory.number()) == 0;
}

} // namespace wxlogind::storage::files

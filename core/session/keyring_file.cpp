#include "core/session/keyring_file.hpp"

#include "core/base/encoding.hpp"
#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/session/keyring_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace wxlogind::session {

namespace {

constexpr std::size_t max_file_size = std::size_t{64} * 1024;
constexpr std::size_t key_size = 32;

class descriptor {
public:
    explicit descriptor(int number) noexcept : number_{number} {}
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw keyring_error{path + ": " + why};
}

[[noreturn]] void refuse_by_system(const std::string& path, const std::string& what, int error) {
    refuse(path, what + ": " + std::generic_category().message(error));
}

descriptor open_to_read(const std::string& path) {
    // O_NONBLOCK: a FIFO must not hold up the start.
    return descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
}

void check_owner_and_mode(const std::string& path, int file) {
    struct stat status{};
    if (::fstat(file, &status) != 0) refuse_by_system(path, "cannot be examined", errno);
    if (!S_ISREG(status.st_mode)) refuse(path, "not a plain file");
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        refuse(path, "belongs to another user: make it ours with chown, or make new keys if it was changed");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        refuse(
            path, "open to group or others: chmod 600 it, and replace the keys if others may have read them");
}

std::string read_text(const std::string& path, int file) {
    std::string text(max_file_size + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = ::read(file, text.data() + size, text.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refuse_by_system(path, "cannot be read", errno);
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    if (size > max_file_size) refuse(path, "larger than 64 KiB: not a keyring");
    text.resize(size);
    return text;
}

std::shared_ptr<const keyring> read_keyring(const std::string& path, int file) {
    check_owner_and_mode(path, file);
    const secret text{read_text(path, file)};
    try {
        return parse_keyring(text.reveal());
    } catch (const keyring_error& error) {
        const bool has_line = error.what()[0] >= '0' && error.what()[0] <= '9';
        throw keyring_error{path + (has_line ? ":" : ": ") + error.what()};
    }
}

[[noreturn]] void refuse_unopened(const std::string& path, int error) {
    if (error == ELOOP) refuse(path, "a symbolic link: name the file itself");
    refuse_by_system(path, "cannot be opened", error);
}

std::string new_keyring_text(unix_seconds now) {
    std::vector<signing_key> signing(1);
    signing.front().kid = make_kid(now);
    signing.front().bytes = secret{random_bytes(key_size)};
    signing.front().created = now;
    std::vector<sealing_key> sealing(1);
    sealing.front().id = 1;
    sealing.front().bytes = secret{random_bytes(key_size)};
    return render_keyring(signing, sealing);
}

// A file of ours that goes unless it was given its name.
class temporary_file {
public:
    explicit temporary_file(const std::string& target)
        : target_{target},
          path_{target + ".new-" + hex_encode(random_bytes(8))},
          file_{::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)} {
        if (!file_.is_open()) refuse_by_system(target_, "cannot be made in its directory", errno);
    }
    ~temporary_file() { ::unlink(path_.c_str()); }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;

    void write_durably(std::string_view text) {
        while (!text.empty()) {
            const ssize_t count = ::write(file_.number(), text.data(), text.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) refuse_by_system(target_, "cannot be written", errno);
            text.remove_prefix(static_cast<std::size_t>(count));
        }
        if (::fchmod(file_.number(), 0600) != 0 || ::fsync(file_.number()) != 0)
            refuse_by_system(target_, "cannot be written", errno);
    }

    // False when there is a file of that name already: it is never replaced.
    [[nodiscard]] bool take_name() {
        if (::link(path_.c_str(), target_.c_str()) == 0) return true;
        if (errno != EEXIST) refuse_by_system(target_, "cannot be given its name", errno);
        return false;
    }

private:
    const std::string& target_;
    std::string path_;
    descriptor file_;
};

void sync_directory_of(const std::string& path) {
    const auto parent = std::filesystem::path{path}.parent_path();
    const descriptor directory{
        ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!directory.is_open() || ::fsync(directory.number()) != 0)
        refuse_by_system(path, "its directory cannot be written to disk", errno);
}

void create_keyring(const std::string& path, unix_seconds now) {
    {
        temporary_file file{path};
        file.write_durably(secret{new_keyring_text(now)}.reveal());
        if (file.take_name()) log_warning("new keys were made; keep a backup of the file", {{"file", path}});
    }
    // Also when another process has named its file: what is read next must not be lost either.
    sync_directory_of(path);
}

} // namespace

std::string make_kid(unix_seconds now) {
    std::string kid = render_utc(now);
    std::erase_if(kid, [](char c) { return c == '-' || c == ':'; });
    return kid + '-' + hex_encode(random_bytes(4));
}

std::shared_ptr<const keyring> load_keyring(const std::string& path) {
    const descriptor file = open_to_read(path);
    if (!file.is_open()) refuse_unopened(path, errno);
    return read_keyring(path, file.number());
}

std::shared_ptr<const keyring> load_or_create_keyring(const std::string& path, unix_seconds now) {
    {
        const descriptor file = open_to_read(path);
        if (file.is_open()) return read_keyring(path, file.number());
        if (errno != ENOENT) refuse_unopened(path, errno);
    }
    create_keyring(path, now);
    return load_keyring(path);
}

} // namespace wxlogind::session

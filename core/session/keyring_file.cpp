#include "core/session/keyring_file.hpp"

#include "core/base/encoding.hpp"
#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/session/durable_file.hpp"
#include "core/session/keyring_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace wxlogind::session {

namespace {

constexpr std::size_t max_file_size = std::size_t{64} * 1024;
constexpr std::size_t key_size = 32;

// Who wants to know the keys: a process that serves with them, or an operator, who may be root and change the
// keys of a service's user.
enum class reader : unsigned char {
    server,
    administrator,
};

void check_owner_and_mode(const std::string& path, int file, reader who) {
    struct stat status{};
    if (::fstat(file, &status) != 0) refuse_by_system(path, "cannot be examined", errno);
    if (!S_ISREG(status.st_mode)) refuse_file(path, "not a plain file");
    const bool is_roots_business = who == reader::administrator && ::geteuid() == 0;
    if (status.st_uid != ::geteuid() && status.st_uid != 0 && !is_roots_business)
        refuse_file(
            path, "belongs to another user: make it ours with chown, or make new keys if it was changed");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        refuse_file(
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
    if (size > max_file_size) refuse_file(path, "larger than 64 KiB: not a keyring");
    text.resize(size);
    return text;
}

template <class Parse>
auto read_and_parse(const std::string& path, int file, reader who, Parse parse) {
    check_owner_and_mode(path, file, who);
    const secret text{read_text(path, file)};
    try {
        return parse(text.reveal());
    } catch (const keyring_error& error) {
        const bool has_line = error.what()[0] >= '0' && error.what()[0] <= '9';
        throw keyring_error{path + (has_line ? ":" : ": ") + error.what()};
    }
}

std::shared_ptr<const keyring> read_keyring(const std::string& path, int file) {
    return read_and_parse(path, file, reader::server, parse_keyring);
}

// Refused as a keyring of it would be.
key_set read_key_set(const std::string& path, int file) {
    return read_and_parse(path, file, reader::administrator, [](std::string_view text) {
        static_cast<void>(parse_keyring(text));
        return parse_key_set(text);
    });
}

[[noreturn]] void refuse_unopened(const std::string& path, int error) {
    if (error == ELOOP) refuse_file(path, "a symbolic link: name the file itself");
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

void create_keyring(const std::string& path, unix_seconds now) {
    {
        file_in_the_making file{path};
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

key_set load_key_set(const std::string& path) {
    const descriptor file = open_to_read(path);
    if (!file.is_open()) refuse_unopened(path, errno);
    return read_key_set(path, file.number());
}

void change_keys(const std::string& path, const std::function<void(key_set&)>& change) {
    const descriptor before = open_locked(path);
    key_set keys = read_key_set(path, before.number());
    change(keys);
    const secret text{render_keyring(keys.signing, keys.sealing)};
    static_cast<void>(parse_keyring(text.reveal()));

    file_in_the_making file{path};
    file.write_durably(text.reveal());
    file.take_owner_of(before.number());
    file.replace_target();
    sync_directory_of(path);
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

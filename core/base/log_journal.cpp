#include "core/base/log_journal.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace wxlogind {

bool is_journal(int file) noexcept {
    const char* const stream = std::getenv("JOURNAL_STREAM"); // NOLINT(concurrency-mt-unsafe): see the header
    struct stat about{};
    if (stream == nullptr || ::fstat(file, &about) != 0) return false;
    return std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino) == stream;
}

int connect_to_journal(const std::string& path) noexcept {
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path) return -1;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int journal = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (journal < 0) return -1;
    if (::connect(journal, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return journal;
    ::close(journal);
    return -1;
}

std::string_view first_entry(std::string_view entries) noexcept {
    const std::size_t end = entries.find("\n\n");
    return end == std::string_view::npos ? entries : entries.substr(0, end + 2);
}

journal_sending send_entry(int journal, std::string_view entry) noexcept {
    if (entry.ends_with("\n\n")) entry.remove_suffix(1); // the mark between entries is ours
    if (::send(journal, entry.data(), entry.size(), MSG_NOSIGNAL) >= 0) return journal_sending::sent;
    switch (errno) {
    case EAGAIN:
    case EINTR:
    case ENOBUFS: return journal_sending::full;
    case ECONNREFUSED:
    case ECONNRESET:
    case ENOTCONN:
    case EPIPE: return journal_sending::gone;
    default: return journal_sending::lost;
    }
}

bool reconnect(int journal, const std::string& path) noexcept {
    const int another = connect_to_journal(path);
    if (another < 0) return false;
    const bool is_in_place = ::dup3(another, journal, O_CLOEXEC) >= 0;
    ::close(another);
    return is_in_place;
}

} // namespace wxlogind

#include "core/base/log_outlet.hpp"

#include "core/base/log_journal.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace wxlogind {

namespace {

// One turn of waiting: so often is asked whether it is still worth it.
constexpr int turn_ms = 50;

// At most PIPE_BUF bytes, and whole lines where they are no longer than that: a pipe takes so many at once or
// not at all, so poll() tells the truth and lines of several processes do not mix.
std::string_view next_piece(std::string_view lines) noexcept {
    if (lines.size() <= PIPE_BUF) return lines;
    const std::size_t end = lines.rfind('\n', PIPE_BUF - 1);
    return lines.substr(0, end == std::string_view::npos ? PIPE_BUF : end + 1);
}

std::uint64_t count_lines(std::string_view lines) noexcept {
    return static_cast<std::uint64_t>(std::ranges::count(lines, '\n'));
}

std::uint64_t count_entries(std::string_view entries) noexcept {
    std::uint64_t count = 0;
    for (; !entries.empty(); ++count) entries.remove_prefix(first_entry(entries).size());
    return count;
}

} // namespace

std::uint64_t write_lines(int file, std::string_view lines, const patience& how_long) noexcept {
    struct stat about{};
    const bool never_blocks = ::fstat(file, &about) == 0 && S_ISREG(about.st_mode);
    while (!lines.empty() && how_long.is_left()) {
        pollfd ready{file, POLLOUT, 0};
        if (!never_blocks && ::poll(&ready, 1, turn_ms) <= 0) continue;
        const std::string_view piece = never_blocks ? lines : next_piece(lines);
        const ssize_t written = ::write(file, piece.data(), piece.size());
        if (written >= 0)
            lines.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR && errno != EAGAIN)
            break; // nowhere to complain
    }
    return count_lines(lines);
}

std::uint64_t send_entries(
    int journal, const std::string& path, std::string_view entries, const patience& how_long) noexcept {
    std::uint64_t lost = 0;
    while (!entries.empty() && how_long.is_left()) {
        const std::string_view entry = first_entry(entries);
        const journal_sending sending = send_entry(journal, entry);
        if (sending == journal_sending::full) {
            pollfd ready{journal, POLLOUT, 0};
            ::poll(&ready, 1, turn_ms);
        } else if (sending == journal_sending::gone) {
            if (!reconnect(journal, path)) ::poll(nullptr, 0, turn_ms);
        } else {
            lost += sending == journal_sending::lost ? 1 : 0;
            entries.remove_prefix(entry.size());
        }
    }
    return lost + count_entries(entries);
}

} // namespace wxlogind

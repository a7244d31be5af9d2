// systemd's journal as the log's reader: its native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/),
// so that every field can be asked for. Not by sd_journal_sendv(): that one blocks as long as the journal
// does, and cannot be told to give up.
#pragma once

#include <string>
#include <string_view>

namespace wxlogind {

// Whether what is written to `file` goes to the journal: systemd says so in $JOURNAL_STREAM
// (systemd.exec(5)). Reads the environment: the main thread.
[[nodiscard]] bool is_journal(int file) noexcept;

// A descriptor that leads to the journal's socket at `path`, which does not block; -1 when there is none.
[[nodiscard]] int connect_to_journal(const std::string& path) noexcept;

// The first of `entries` as append_log_line makes them for log_format::journal: each ends with an empty line.
[[nodiscard]] std::string_view first_entry(std::string_view entries) noexcept;

enum class journal_sending : unsigned char {
    sent,
    full, // again when poll() says so
    gone, // nobody reads this socket any more: reconnect
    lost, // too long for the socket
};
[[nodiscard]] journal_sending send_entry(int journal, std::string_view entry) noexcept;

// Makes `journal`, the same descriptor, lead to whoever listens at `path` now; false when nobody does.
bool reconnect(int journal, const std::string& path) noexcept;

} // namespace wxlogind

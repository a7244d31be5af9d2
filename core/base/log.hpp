// The program's log: structured lines on standard error or to systemd's journal, written by a thread of its
// own.
//
// Logging never waits for the reader: a line goes into a bounded buffer, and when that is full the line is
// dropped and counted; a line in its place says how many are missing. Lines of single requests are dropped
// first: a part of the buffer is closed to them. Lines are written within 50 ms, warnings and errors at once.
// Values are escaped (CR, LF, ESC, invalid UTF-8) and cut after 1 KiB; names and messages are literals of
// ours: a message is the name of an event and never varies, what varies is a field. Of warnings and errors
// that say the same again and again only the first are written, and how many were not. Secrets have no way
// in: pass what identifies a thing, never what unlocks it.
//
// Any thread. Before start_log and after its writer has gone, lines go to standard error at once.
#pragma once

#include "core/base/log_repeats.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace wxlogind {

enum class log_level : unsigned char {
    debug,
    info,
    warning,
    error,
};

enum class log_format : unsigned char {
    text,      // for eyes: TIME LEVEL MESSAGE NAME=VALUE...
    logfmt,    // NAME=VALUE alone
    json,      // an object a line
    journal,   // fields of systemd's journal
    automatic, // journal where standard error leads there, else text
};

struct log_field {
    std::string_view name;  // snake_case
    std::string_view value; // "" = nothing to say: the field is left out
    bool is_number{false};  // `value` is made of digits: JSON gets it without quotes
};

using log_fields = std::initializer_list<log_field>;

[[nodiscard]] bool is_logged(log_level level) noexcept;
void log(log_level level, std::string_view message, log_fields fields = {});

inline void log_debug(std::string_view message, log_fields fields = {}) {
    log(log_level::debug, message, fields);
}
inline void log_info(std::string_view message, log_fields fields = {}) {
    log(log_level::info, message, fields);
}
inline void log_warning(std::string_view message, log_fields fields = {}) {
    log(log_level::warning, message, fields);
}
inline void log_error(std::string_view message, log_fields fields = {}) {
    log(log_level::error, message, fields);
}

// A line of which there is one for every request or connection: at info, and the first to be dropped when
// the reader does not keep up.
void log_traffic(std::string_view message, log_fields fields);

enum class request_lines : unsigned char {
    all,
    failed, // 4xx and 5xx, and what is no request
    none,
};

struct log_settings {
    log_level level{log_level::info};
    log_format format{log_format::automatic};
    request_lines requests{request_lines::all};
    // Lines waiting to be written, in bytes. Beyond it lines are dropped and counted.
    std::size_t buffer_bytes{4u << 20};
    // A request that takes as long gets a line that tells where the time went; 0 = none does.
    std::chrono::milliseconds slow_request{1000};
    repeat_rules repeats{};
    std::string journal_socket{"/run/systemd/journal/socket"};
};

// Starts the writing thread; the returned object writes what is left (for a second at most, should nobody
// read), says how much was lost, also on standard error where the journal does not hear, and stops it. One at
// a time: std::logic_error. Until then abort(), and so std::terminate, also writes what is left.
class log_writer;
[[nodiscard]] std::shared_ptr<log_writer> start_log(const log_settings& settings, int file = 2);

// Returns when all lines logged before are written, or after a second. For whoever reads what was logged.
// Blocks; not for a reactor.
void flush_log();

// May be changed while running. Any thread.
void set_log_level(log_level level) noexcept;
// To and from the journal it takes a restart: then nothing changes.
void set_log_format(log_format format) noexcept;
void set_slow_request(std::chrono::milliseconds threshold) noexcept;
void set_request_lines(request_lines which) noexcept;

// Whether a request that was answered with `status` has a line. Any thread.
[[nodiscard]] bool is_request_logged(unsigned status) noexcept;

// Whether a request that took so long is told of as slow. Any thread.
[[nodiscard]] bool is_slow(std::chrono::nanoseconds took) noexcept;

// Lines that were logged and cannot be read anywhere, since the program's start. Any thread.
struct lost_lines {
    std::uint64_t buffer_full{0}; // the reader did not keep up
    std::uint64_t not_written{0}; // the file or the journal does not take them: a full disk, say
    // Of both, those that no line tells of. Known, and not 0, only when the writer has ended.
    std::uint64_t untold{0};
};
[[nodiscard]] lost_lines lines_lost() noexcept;

} // namespace wxlogind

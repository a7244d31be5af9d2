// How one line of the log reads. Pure: no clock, no lock, no file.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/log.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace wxlogind {

// Of a message or value longer than this, the beginning is logged and "..." after it.
inline constexpr std::size_t max_logged_value_bytes = 1024;

[[nodiscard]] std::string_view to_string(log_level level) noexcept;

// Appends one line, its end included. Any thread.
//
//     text: 2026-01-02T03:04:05.678Z info listening address=127.0.0.1:8080 note="two words"
//     JSON:
//     {"time":"2026-01-02T03:04:05.678Z","level":"info","message":"listening","address":"127.0.0.1:8080"}
//     logfmt: time=2026-01-02T03:04:05.678Z level=info message=listening address=127.0.0.1:8080 note="two
//     words" journal, with an empty line at the end, and no time, which the journal knows: MESSAGE=listening
//     address=127.0.0.1:8080 note="two words" PRIORITY=6 SYSLOG_IDENTIFIER=wxlogind
//     WXLOGIND_ADDRESS=127.0.0.1:8080
//     WXLOGIND_NOTE=two words
//
// Whatever message and values hold, the line stays one line, shows no control character, and is UTF-8. Text
// writes a foreign byte as \xNN; JSON (RFC 8259) cannot, and puts U+FFFD in its place.
void append_log_line(
    std::string& to, log_format format, log_level level, unix_millis time, std::string_view message,
    std::span<const log_field> fields);

} // namespace wxlogind

// Lines of the log that were lost, until a line tells of them. Pure: whoever uses it is the only one, and
// writes.
#pragma once

#include "core/base/log_line.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind {

struct untold_losses {
    std::uint64_t buffer_full{0}; // by why, as in lost_lines
    std::uint64_t not_written{0};

    [[nodiscard]] std::uint64_t total() const noexcept { return buffer_full + not_written; }

    // One line for each reason that there is. `write` takes it, and says whether it got where the log goes:
    // what it has told of is forgotten, and the rest is told another time.
    template <class Write>
    void tell(log_format format, unix_millis now, Write write) {
        tell_one(buffer_full, "buffer_full", format, now, write);
        tell_one(not_written, "not_written", format, now, write);
    }

private:
    template <class Write>
    static void
    tell_one(std::uint64_t& lines, std::string_view why, log_format format, unix_millis now, Write& write) {
        if (lines == 0) return;
        const std::string count = std::to_string(lines);
        const log_field fields[] = {{"lines", count, true}, {"why", why}};
        std::string notice;
        append_log_line(notice, format, log_level::warning, now, "log lines dropped", fields);
        if (write(notice)) lines = 0;
    }
};

} // namespace wxlogind

// What the threads that log and the one that writes share. For log.cpp and log_writer.cpp alone.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/log_repeats.hpp"
#include "core/base/pending_lines.hpp"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace wxlogind {

struct log_state {
    // How long it is worth trying to write what is left, when nobody reads.
    static constexpr std::chrono::milliseconds last_words{1000};
    static constexpr std::int64_t nothing_due =
        std::chrono::steady_clock::time_point::max().time_since_epoch().count();

    std::atomic<log_level> level{log_level::info};
    std::atomic<log_format> format{log_format::text};
    std::atomic<int> file{STDERR_FILENO};
    std::atomic<int> journal{-1}; // -1: lines go to `file`
    std::atomic<std::int64_t> slow_ns{0};
    std::atomic<request_lines> requests{request_lines::all};
    std::atomic<std::int64_t> repeats_due{nothing_due}; // when the log has suppressed lines to tell of
    std::atomic<std::uint64_t> buffer_full{0};          // lines lost, see lost_lines
    std::atomic<std::uint64_t> not_written{0};
    std::atomic<std::uint64_t> untold{0};
    std::string journal_socket; // changes only while nobody writes

    std::mutex lock;
    // Guarded by lock.
    std::unique_ptr<pending_lines> waiting; // null: nobody writes, lines go out at once
    log_repeats repeats{{}};
    std::condition_variable to_writer;
    std::condition_variable from_writer;
    bool writer_sleeps{false}; // until there is a line
    bool is_urgent{false};     // do not gather
    bool is_writing{false};
    bool is_stopping{false};
    bool has_stopped{false};
    std::atomic<bool> give_up{false}; // what cannot be written now is lost

    // Both under the lock, while somebody writes.
    //
    // Hands a line to the writer, or counts it as lost.
    void offer(log_level level_of_line, pending_lines::rank of, std::string_view line);
    // Lines for the repeats that were suppressed until `now` and that no later line has told of.
    void tell_suppressed(std::chrono::steady_clock::time_point now);
};

// Never destroyed: threads may log until the very end.
inline log_state& state_of_log() {
    static auto* const the_state = new log_state;
    return *the_state;
}

[[nodiscard]] inline unix_millis log_time() noexcept {
    return system_wall_clock{}.now();
}

} // namespace wxlogind

// Why not spdlog: escaping, JSON, the bounded buffer and the writing would be ours either way, and what it
// adds costs more than all of that. A request line of six fields at 30,000 lines a second: 0.2 us of the
// logging thread here; 1.8 us with spdlog's asynchronous logger (which wakes its thread for every line), 0.3
// us for its formatting alone, without escaping (bench/micro/log_bench.cpp).
#include "core/base/log.hpp"

#include "core/base/log_line.hpp"
#include "core/base/log_outlet.hpp"
#include "core/base/log_state.hpp"

#include <optional>
#include <span>
#include <vector>

namespace wxlogind {

using rank = pending_lines::rank;

void log_state::offer(log_level level_of_line, rank of, std::string_view line) {
    if (!waiting->offer(line, of)) buffer_full.fetch_add(1, std::memory_order_relaxed);

    // The writer is woken once for the first line, and once more for reasons not to gather.
    const bool is_pressing = level_of_line >= log_level::warning || waiting->is_half_full();
    if (writer_sleeps || (is_pressing && !is_urgent)) {
        writer_sleeps = false;
        is_urgent |= is_pressing;
        to_writer.notify_one();
    }
}

void log_state::tell_suppressed(std::chrono::steady_clock::time_point now) {
    const log_format as = format;
    repeats.take_due(now, [this, as](std::string_view event, std::uint64_t count) {
        const std::string number = std::to_string(count);
        const log_field fields[] = {{"event", event}, {"suppressed", number, true}};
        std::string line;
        append_log_line(
            line, as, log_level::warning, log_time(), "the same again and again, not written", fields);
        offer(log_level::warning, rank::event, line);
    });
    repeats_due = repeats.next_due().time_since_epoch().count();
}

bool is_logged(log_level level) noexcept {
    return level >= state_of_log().level.load(std::memory_order_relaxed);
}

void set_log_level(log_level level) noexcept {
    state_of_log().level.store(level, std::memory_order_relaxed);
}

void set_log_format(log_format format) noexcept {
    log_state& s = state_of_log();
    const bool is_settled =
        format == log_format::automatic || format == log_format::journal || s.journal >= 0;
    if (!is_settled) s.format.store(format, std::memory_order_relaxed);
}

void set_slow_request(std::chrono::milliseconds threshold) noexcept {
    state_of_log().slow_ns.store(std::chrono::nanoseconds{threshold}.count(), std::memory_order_relaxed);
}

void set_request_lines(request_lines which) noexcept {
    state_of_log().requests.store(which, std::memory_order_relaxed);
}

bool is_request_logged(unsigned status) noexcept {
    if (!is_logged(log_level::info)) return false;
    const request_lines which = state_of_log().requests.load(std::memory_order_relaxed);
    return which == request_lines::all || (which == request_lines::failed && status >= 400);
}

lost_lines lines_lost() noexcept {
    const log_state& s = state_of_log();
    return {
        s.buffer_full.load(std::memory_order_relaxed), s.not_written.load(std::memory_order_relaxed),
        s.untold.load(std::memory_order_relaxed)};
}

bool is_slow(std::chrono::nanoseconds took) noexcept {
    const auto threshold = state_of_log().slow_ns.load(std::memory_order_relaxed);
    return threshold > 0 && took.count() >= threshold;
}

namespace {

// What repeats are told with; nothing for a line that is not to be written.
std::optional<std::string> admit_repeat(log_state& s, std::string_view message) {
    const auto now = std::chrono::steady_clock::now();
    const std::scoped_lock holding{s.lock};
    if (!s.waiting) return std::string{};
    const auto said = s.repeats.note(message, now);
    s.repeats_due.store(s.repeats.next_due().time_since_epoch().count(), std::memory_order_relaxed);
    if (!said.is_written) return std::nullopt;
    return said.suppressed == 0 ? std::string{} : std::to_string(said.suppressed);
}

void write(
    log_state& s, log_level level, rank of, std::string_view message, std::span<const log_field> fields) {
    thread_local std::string line; // rendered outside the lock
    line.clear();
    append_log_line(line, s.format.load(std::memory_order_relaxed), level, log_time(), message, fields);

    const std::scoped_lock holding{s.lock};
    if (!s.waiting) {
        write_lines(s.file, line, patience{log_state::last_words});
        return;
    }
    s.offer(level, of, line);
    const std::int64_t due = s.repeats_due.load(std::memory_order_relaxed);
    if (due == log_state::nothing_due) return;
    if (const auto at = std::chrono::steady_clock::now(); at.time_since_epoch().count() >= due)
        s.tell_suppressed(at);
}

} // namespace

void log(log_level level, std::string_view message, log_fields fields) {
    if (!is_logged(level)) return;
    log_state& s = state_of_log();
    if (level >= log_level::warning) {
        const auto suppressed = admit_repeat(s, message);
        if (!suppressed) return;
        if (!suppressed->empty()) {
            std::vector<log_field> with_count{fields.begin(), fields.end()};
            with_count.push_back({"suppressed", *suppressed, true});
            return write(s, level, rank::event, message, with_count);
        }
    }
    const rank of = level == log_level::debug ? rank::traffic : rank::event;
    write(s, level, of, message, {fields.begin(), fields.size()});
}

void log_traffic(std::string_view message, log_fields fields) {
    if (!is_logged(log_level::info)) return;
    write(state_of_log(), log_level::info, rank::traffic, message, {fields.begin(), fields.size()});
}

void flush_log() {
    log_state& s = state_of_log();
    std::unique_lock holding{s.lock};
    if (!s.waiting) return;
    s.is_urgent = true;
    s.to_writer.notify_one();
    s.from_writer.wait_for(
        holding, log_state::last_words, [&s] { return s.waiting->empty() && !s.is_writing; });
}

} // namespace wxlogind

// Why not spdlog: escaping, JSON, the bounded buffer and the writing would be ours either way, and what it
// adds costs more than all of that. A request line of six fields at 30,000 lines a second: 0.2 us of the
// logging thread here; 1.8 us with spdlog's asynchronous logger (which wakes its thread for every line), 0.3
// us for its formatting alone, without escaping (bench/micro/log_bench.cpp).
#include "core/base/log.hpp"

#include "core/base/log_journal.hpp"
#include "core/base/log_line.hpp"
#include "core/base/log_outlet.hpp"
#include "core/base/pending_lines.hpp"
#include "core/base/untold_losses.hpp"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace wxlogind {

namespace {

using std::chrono::milliseconds;
using rank = pending_lines::rank;

// How long lines gather before they are written, unless one is urgent or the buffer is half full: at high
// rates a write and a futex per interval, not per line.
constexpr milliseconds gather_interval{50};
// And the least time between two writes, urgent or not.
constexpr milliseconds breathing_space{5};
// For what is left at the end, when nobody reads.
constexpr milliseconds last_words{1000};
// To say then how much could not be written.
constexpr milliseconds one_more_try{100};

constexpr std::int64_t never = std::chrono::steady_clock::time_point::max().time_since_epoch().count();

struct shared_state {
    std::atomic<log_level> level{log_level::info};
    std::atomic<log_format> format{log_format::text};
    std::atomic<int> file{STDERR_FILENO};
    std::atomic<int> journal{-1}; // -1: lines go to `file`
    std::atomic<std::int64_t> slow_ns{0};
    std::atomic<request_lines> requests{request_lines::all};
    std::atomic<std::int64_t> repeats_due{never}; // when the log has suppressed lines to tell of
    std::atomic<std::uint64_t> buffer_full{0};    // lines lost, see lost_lines
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
};

// Never destroyed: threads may log until the very end.
shared_state& state() {
    static auto* const the_state = new shared_state;
    return *the_state;
}

unix_millis now() noexcept {
    return system_wall_clock{}.now();
}

// Wherever the log goes. Returns how many lines did not get there.
std::uint64_t put_out(const shared_state& s, std::string_view lines, const patience& how_long) noexcept {
    const int journal = s.journal;
    return journal >= 0 ? send_entries(journal, s.journal_socket, lines, how_long)
                        : write_lines(s.file, lines, how_long);
}

// Under the lock.
void offer(shared_state& s, log_level level, rank of, std::string_view line) {
    pending_lines& waiting = *s.waiting;
    if (!waiting.offer(line, of)) s.buffer_full.fetch_add(1, std::memory_order_relaxed);

    // The writer is woken once for the first line, and once more for reasons not to gather.
    const bool is_pressing = level >= log_level::warning || waiting.is_half_full();
    if (s.writer_sleeps || (is_pressing && !s.is_urgent)) {
        s.writer_sleeps = false;
        s.is_urgent |= is_pressing;
        s.to_writer.notify_one();
    }
}

// Under the lock.
void tell_suppressed(shared_state& s, std::chrono::steady_clock::time_point now) {
    if (!s.waiting) return;
    const log_format format = s.format;
    s.repeats.take_due(now, [&](std::string_view event, std::uint64_t count) {
        const std::string number = std::to_string(count);
        const log_field fields[] = {{"event", event}, {"suppressed", number, true}};
        std::string line;
        append_log_line(
            line, format, log_level::warning, wxlogind::now(), "the same again and again, not written",
            fields);
        offer(s, log_level::warning, rank::event, line);
    });
    s.repeats_due = s.repeats.next_due().time_since_epoch().count();
}

void write_until_stopped(untold_losses& untold) {
    shared_state& s = state();
    std::unique_lock holding{s.lock};
    while (true) {
        if (s.waiting->empty()) {
            s.has_stopped = s.is_stopping;
            s.from_writer.notify_all();
            if (s.is_stopping) return;
            s.writer_sleeps = true;
            s.to_writer.wait(holding, [&s] { return !s.waiting->empty() || s.is_stopping; });
            s.writer_sleeps = false;
        }
        s.to_writer.wait_for(holding, gather_interval, [&s] { return s.is_urgent || s.is_stopping; });
        s.is_urgent = false;
        s.is_writing = true;
        const std::string_view lines = s.waiting->take();
        untold.buffer_full += s.waiting->take_dropped();
        holding.unlock();
        const std::uint64_t lost = put_out(s, lines, patience{s.give_up});
        s.not_written.fetch_add(lost, std::memory_order_relaxed);
        untold.not_written += lost;
        // Where they are missing; and when lines are taken again: until then this one would be lost as well.
        if (lost == 0)
            untold.tell(s.format, now(), [&s](std::string_view notice) {
                return put_out(s, notice, patience{s.give_up}) == 0;
            });
        holding.lock();
        s.is_writing = false;
        s.to_writer.wait_for(
            holding, breathing_space, [&s] { return s.waiting->is_half_full() || s.is_stopping; });
    }
}

// The last lines say why. Runs in the thread that calls abort(), which std::terminate does too, or in any
// when the signal comes from outside, as the service manager's watchdog sends it. The log's thread may hold
// the lock, or be between taking lines and writing them: it is waited for, but only so long, since the thread
// that aborts may be the very one.
void write_last_lines() {
    shared_state& s = state();
    for (const patience how_long{last_words}; how_long.is_left();) {
        // Not formally safe in a signal handler; but the process is as good as dead.
        if (s.lock.try_lock()) {
            const bool is_our_turn = !s.is_writing;
            if (is_our_turn && s.waiting) put_out(s, s.waiting->take(), how_long);
            s.lock.unlock();
            if (is_our_turn) return;
        }
        ::poll(nullptr, 0, 1);
    }
}

// abort() would take its course by itself; a signal from outside has done its work here. So it is raised
// again, and ends the process when this has returned: by then it is neither blocked nor handled.
extern "C" void write_before_abort(int) {
    write_last_lines();
    ::raise(SIGABRT);
}

} // namespace

class log_writer {
public:
    explicit log_writer(const log_settings& settings, int file) {
        shared_state& s = state();
        {
            const std::scoped_lock holding{s.lock};
            if (s.waiting) throw std::logic_error{"the log has been started already"};
            s.waiting = std::make_unique<pending_lines>(settings.buffer_bytes);
            s.is_stopping = s.has_stopped = s.is_urgent = s.give_up = false;
            s.untold = 0;
            s.level = settings.level;
            s.file = file;
            s.slow_ns = std::chrono::nanoseconds{settings.slow_request}.count();
            s.repeats = log_repeats{settings.repeats};
            s.repeats_due = never;
            s.requests = settings.requests;
            s.journal_socket = settings.journal_socket;
            s.format = take_format(s, settings, file);
        }
        struct sigaction action{};
        action.sa_handler = &write_before_abort;
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        ::sigaction(SIGABRT, &action, &former_abort_);

        // Signals are for the threads that wait for them.
        sigset_t all{};
        sigset_t former{};
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &former);
        thread_ = std::thread{[this] { write_until_stopped(untold_); }};
        pthread_sigmask(SIG_SETMASK, &former, nullptr);
        pthread_setname_np(thread_.native_handle(), "log");
    }

    ~log_writer() {
        shared_state& s = state();
        {
            std::unique_lock holding{s.lock};
            tell_suppressed(s, std::chrono::steady_clock::time_point::max());
            s.is_stopping = true;
            s.to_writer.notify_one();
            s.from_writer.wait_for(holding, last_words, [&s] { return s.has_stopped; });
            s.give_up = true;
        }
        thread_.join();
        tell_what_was_lost(s);
        const std::scoped_lock holding{s.lock};
        s.waiting.reset();
        if (const int journal = s.journal.exchange(-1); journal >= 0) {
            ::close(journal);
            s.format = log_format::text;
        }
        ::sigaction(SIGABRT, &former_abort_, nullptr);
    }

    log_writer(const log_writer&) = delete;
    log_writer& operator=(const log_writer&) = delete;

private:
    // Without a journal to be found it is text.
    static log_format take_format(shared_state& s, const log_settings& settings, int file) {
        const bool is_automatic = settings.format == log_format::automatic;
        if (!is_automatic && settings.format != log_format::journal) return settings.format;
        if (is_automatic && !is_journal(file)) return log_format::text;
        s.journal = connect_to_journal(s.journal_socket);
        return s.journal >= 0 ? log_format::journal : log_format::text;
    }

    // The journal may stand still; standard error leads to it by another socket, which is empty then, and
    // keeps a line until the journal goes on (sd-daemon(3) has the prefix).
    void tell_what_was_lost(shared_state& s) {
        untold_.tell(s.format, now(), [&s](std::string_view notice) {
            return put_out(s, notice, patience{one_more_try}) == 0;
        });
        if (s.journal >= 0)
            untold_.tell(log_format::text, now(), [&s](const std::string& notice) {
                return write_lines(s.file, "<4>" + notice, patience{one_more_try}) == 0;
            });
        s.untold = untold_.total();
    }

    struct sigaction former_abort_{};
    untold_losses untold_;
    std::thread thread_;
};

bool is_logged(log_level level) noexcept {
    return level >= state().level.load(std::memory_order_relaxed);
}

void set_log_level(log_level level) noexcept {
    state().level.store(level, std::memory_order_relaxed);
}

void set_log_format(log_format format) noexcept {
    shared_state& s = state();
    const bool is_settled =
        format == log_format::automatic || format == log_format::journal || s.journal >= 0;
    if (!is_settled) s.format.store(format, std::memory_order_relaxed);
}

void set_slow_request(std::chrono::milliseconds threshold) noexcept {
    state().slow_ns.store(std::chrono::nanoseconds{threshold}.count(), std::memory_order_relaxed);
}

void set_request_lines(request_lines which) noexcept {
    state().requests.store(which, std::memory_order_relaxed);
}

bool is_request_logged(unsigned status) noexcept {
    if (!is_logged(log_level::info)) return false;
    const request_lines which = state().requests.load(std::memory_order_relaxed);
    return which == request_lines::all || (which == request_lines::failed && status >= 400);
}

lost_lines lines_lost() noexcept {
    const shared_state& s = state();
    return {
        s.buffer_full.load(std::memory_order_relaxed), s.not_written.load(std::memory_order_relaxed),
        s.untold.load(std::memory_order_relaxed)};
}

bool is_slow(std::chrono::nanoseconds took) noexcept {
    const auto threshold = state().slow_ns.load(std::memory_order_relaxed);
    return threshold > 0 && took.count() >= threshold;
}

namespace {

// What repeats are told with; nothing for a line that is not to be written.
std::optional<std::string> admit_repeat(shared_state& s, std::string_view message) {
    const auto now = std::chrono::steady_clock::now();
    const std::scoped_lock holding{s.lock};
    if (!s.waiting) return std::string{};
    const auto said = s.repeats.note(message, now);
    s.repeats_due.store(s.repeats.next_due().time_since_epoch().count(), std::memory_order_relaxed);
    if (!said.is_written) return std::nullopt;
    return said.suppressed == 0 ? std::string{} : std::to_string(said.suppressed);
}

void write(
    shared_state& s, log_level level, rank of, std::string_view message, std::span<const log_field> fields) {
    thread_local std::string line; // rendered outside the lock
    line.clear();
    append_log_line(line, s.format.load(std::memory_order_relaxed), level, now(), message, fields);

    const std::scoped_lock holding{s.lock};
    if (!s.waiting) {
        write_lines(s.file, line, patience{last_words});
        return;
    }
    offer(s, level, of, line);
    const std::int64_t due = s.repeats_due.load(std::memory_order_relaxed);
    if (due == never) return;
    if (const auto at = std::chrono::steady_clock::now(); at.time_since_epoch().count() >= due)
        tell_suppressed(s, at);
}

} // namespace

void log(log_level level, std::string_view message, log_fields fields) {
    if (!is_logged(level)) return;
    shared_state& s = state();
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
    write(state(), log_level::info, rank::traffic, message, {fields.begin(), fields.size()});
}

void flush_log() {
    shared_state& s = state();
    std::unique_lock holding{s.lock};
    if (!s.waiting) return;
    s.is_urgent = true;
    s.to_writer.notify_one();
    s.from_writer.wait_for(holding, last_words, [&s] { return s.waiting->empty() && !s.is_writing; });
}

std::shared_ptr<log_writer> start_log(const log_settings& settings, int file) {
    return std::make_shared<log_writer>(settings, file);
}

} // namespace wxlogind

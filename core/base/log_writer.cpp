// The thread that writes the log, and what becomes of the lines that are left when the process ends.
#include "core/base/log_journal.hpp"
#include "core/base/log_outlet.hpp"
#include "core/base/log_state.hpp"
#include "core/base/thread_name.hpp"
#include "core/base/untold_losses.hpp"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace wxlogind {

namespace {

using std::chrono::milliseconds;

// How long lines gather before they are written, unless one is urgent or the buffer is half full: at high
// rates a write and a futex per interval, not per line.
constexpr milliseconds gather_interval{50};
// And the least time between two writes, urgent or not.
constexpr milliseconds breathing_space{5};
// To say at the end how much could not be written.
constexpr milliseconds one_more_try{100};

// Wherever the log goes. Returns how many lines did not get there.
std::uint64_t put_out(const log_state& s, std::string_view lines, const patience& how_long) noexcept {
    const int journal = s.journal;
    return journal >= 0 ? send_entries(journal, s.journal_socket, lines, how_long)
                        : write_lines(s.file, lines, how_long);
}

void write_until_stopped(untold_losses& untold) {
    log_state& s = state_of_log();
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
            untold.tell(s.format, log_time(), [&s](std::string_view notice) {
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
    log_state& s = state_of_log();
    for (const patience how_long{log_state::last_words}; how_long.is_left();) {
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
        log_state& s = state_of_log();
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
            s.repeats_due = log_state::nothing_due;
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
        thread_ = std::thread{[this] {
            name_this_thread("log");
            write_until_stopped(untold_);
        }};
        pthread_sigmask(SIG_SETMASK, &former, nullptr);
    }

    ~log_writer() {
        log_state& s = state_of_log();
        {
            std::unique_lock holding{s.lock};
            s.tell_suppressed(std::chrono::steady_clock::time_point::max());
            s.is_stopping = true;
            s.to_writer.notify_one();
            s.from_writer.wait_for(holding, log_state::last_words, [&s] { return s.has_stopped; });
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
    static log_format take_format(log_state& s, const log_settings& settings, int file) {
        const bool is_automatic = settings.format == log_format::automatic;
        if (!is_automatic && settings.format != log_format::journal) return settings.format;
        if (is_automatic && !is_journal(file)) return log_format::text;
        s.journal = connect_to_journal(s.journal_socket);
        return s.journal >= 0 ? log_format::journal : log_format::text;
    }

    // The journal may stand still; standard error leads to it by another socket, which is empty then, and
    // keeps a line until the journal goes on (sd-daemon(3) has the prefix).
    void tell_what_was_lost(log_state& s) {
        untold_.tell(s.format, log_time(), [&s](std::string_view notice) {
            return put_out(s, notice, patience{one_more_try}) == 0;
        });
        if (s.journal >= 0)
            untold_.tell(log_format::text, log_time(), [&s](const std::string& notice) {
                return write_lines(s.file, "<4>" + notice, patience{one_more_try}) == 0;
            });
        s.untold = untold_.total();
    }

    struct sigaction former_abort_{};
    untold_losses untold_;
    std::thread thread_;
};

std::shared_ptr<log_writer> start_log(const log_settings& settings, int file) {
    return std::make_shared<log_writer>(settings, file);
}

} // namespace wxlogind

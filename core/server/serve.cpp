#include "core/server/serve.hpp"

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/server/caretaker.hpp"
#include "core/server/server.hpp"
#include "core/server/service_manager.hpp"

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

namespace wxlogind {

namespace {

// Taken synchronously by the main thread, so that no handler runs anywhere.
class stop_signals {
public:
    stop_signals() {
        sigemptyset(&set_);
        for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, each);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        // A peer that closes while we write is an error code, not the end of the process.
        std::signal(SIGPIPE, SIG_IGN);
        // A file that may not grow (LimitFSIZE=) is a failed write as any other.
        std::signal(SIGXFSZ, SIG_IGN);
    }

    // The signal that came, or nullopt when none did in `at_most`.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds at_most) const {
        const auto whole = std::chrono::floor<std::chrono::seconds>(at_most);
        timespec limit{};
        limit.tv_sec = whole.count();
        limit.tv_nsec = std::chrono::nanoseconds{at_most - whole}.count();
        const int got = sigtimedwait(&set_, nullptr, &limit);
        return got > 0 ? std::optional{got} : std::nullopt;
    }

    // From now on SIGTERM and SIGINT end the process by themselves, whatever this thread waits for.
    void let_through() const {
        std::signal(SIGHUP, SIG_IGN);
        pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    }

private:
    sigset_t set_{};
};

bool is_stop(std::optional<int> signal) {
    return signal == SIGTERM || signal == SIGINT;
}

void wait_for_stop(const stop_signals& signals, server& running, caretaker& care) {
    for (;;) {
        const auto signal = signals.wait(care.pause());
        care.look_after();
        if (is_stop(signal)) return;
        if (signal == SIGHUP) care.while_reloading([&running] { return running.reload(); });
    }
}

// The log's last lines are written, or it is said how many are not: where the log leads, and if that is of no
// use to systemd.
void end_log(std::shared_ptr<log_writer>& logging, const service_manager& manager) {
    logging.reset();
    if (const auto lines = lines_lost().untold; lines > 0)
        manager.say_status("Stopped; the log lacks " + std::to_string(lines) + " lines, which nobody took");
}

// Waits until `is_done` or the time is over. False: a second stop signal came.
template <class Condition>
[[nodiscard]] bool wait_until(
    const stop_signals& signals, caretaker& care, std::chrono::milliseconds at_most, Condition is_done) {
    const auto limit = std::chrono::steady_clock::now() + at_most;
    while (!is_done()) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now());
        if (left <= std::chrono::milliseconds{0}) return true;
        if (is_stop(signals.wait(std::min(left, std::chrono::milliseconds{20})))) return false;
        care.look_after();
    }
    return true;
}

// False: a second stop signal came, and what is still open is cut off.
[[nodiscard]] bool finish_requests(const stop_signals& signals, server& running, caretaker& care) {
    log_info("leaving: not ready any more, still serving");
    running.announce_leaving();
    care.leave("Leaving, still serving");
    if (!wait_until(signals, care, running.settings().server.drain_delay, [] { return false; })) return false;

    log_info("leaving: no new connections, finishing requests");
    running.refuse_new_connections();
    care.leave("Leaving, finishing requests");
    const auto is_deserted = [&running] { return running.is_deserted(); };
    return wait_until(signals, care, running.settings().server.drain_timeout, is_deserted);
}

} // namespace

int serve(const config& settings) {
    const stop_signals signals;
    auto logging = start_log(settings.log);
    const system_wall_clock clock;
    const service_manager manager;

    manager.say_status("Starting: keys, database, listeners");
    server wxlogind{settings, clock, manager.sockets()};
    wxlogind.start();
    caretaker care{manager, wxlogind};
    care.begin();
    log_info(
        "serving", {{"listen", wxlogind.public_address()},
                    {"internal_listen", wxlogind.internal_address()},
                    {"wechat", settings.wechat.base_url}});

    wait_for_stop(signals, wxlogind, care);
    if (!finish_requests(signals, wxlogind, care)) {
        log_warning("second signal: leaving at once; requests in flight are cut off");
        end_log(logging, manager);
        std::_Exit(EXIT_FAILURE);
    }
    signals.let_through();
    wxlogind.stop();
    log_info("stopped");
    end_log(logging, manager);
    return EXIT_SUCCESS;
}

} // namespace wxlogind

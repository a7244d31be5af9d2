#include "core/server/caretaker.hpp"

#include "core/base/log.hpp"

#include <algorithm>

namespace wxlogind {

namespace {

using namespace std::chrono_literals;

// How often the service manager hears from us. The slowest part beats once a second (storage/batch_writer),
// so that several rounds fit between two deadlines of any watchdog worth having.
std::chrono::milliseconds pause_of(const service_manager& manager) {
    if (!manager.is_there()) return 1h;
    const auto watchdog = std::chrono::floor<std::chrono::milliseconds>(manager.watchdog());
    return watchdog.count() == 0 ? 1000ms
                                 : std::clamp<std::chrono::milliseconds>(watchdog / 10, 10ms, 1000ms);
}

} // namespace

caretaker::caretaker(const service_manager& manager, const server& of)
    : manager_{manager}, server_{of}, pause_{pause_of(manager)} {}

void caretaker::begin() {
    told_ = status();
    manager_.say_ready(told_);
    last_fed_ = clock::now();
    if (manager_.watchdog().count() != 0) (void)signs_.have_all_moved(server_.vital_signs());
    next_round_ = last_fed_ + pause_;
}

void caretaker::look_after() {
    const auto now = clock::now();
    if (!manager_.is_there() || now < next_round_) return;
    next_round_ = now + pause_;
    if (manager_.watchdog().count() != 0) feed_watchdog(now);
    tell_status();
}

void caretaker::feed_watchdog(clock::time_point now) {
    if (signs_.have_all_moved(server_.vital_signs())) {
        manager_.say_alive();
        last_fed_ = now;
        has_warned_ = false;
    } else if (!has_warned_ && now - last_fed_ > manager_.watchdog() / 2) {
        // Said while there is time: what the watchdog does comes without a word from us.
        log_error(
            "a part of the process shows no life: the service manager will end it soon",
            {{"part", signs_.still()}});
        has_warned_ = true;
    }
}

void caretaker::tell_status() {
    std::string now = status();
    if (now == told_) return;
    manager_.say_status(now);
    told_ = std::move(now);
}

void caretaker::while_reloading(const std::function<bool()>& reload) {
    manager_.say_reloading();
    is_reload_refused_ = !reload();
    told_ = status();
    manager_.say_ready(told_);
}

void caretaker::leave(std::string how) {
    const bool is_first = leaving_.empty();
    leaving_ = std::move(how);
    told_ = status();
    if (is_first)
        manager_.say_stopping(told_);
    else
        manager_.say_status(told_);
}

std::string caretaker::status() const {
    const std::string how =
        leaving_.empty() ? "Serving on " + server_.public_address() + " and " + server_.internal_address()
                         : leaving_;
    return how + ": " + server_.describe() +
           (is_reload_refused_ ? "; the last reload was REFUSED, see the log" : "");
}

} // namespace wxlogind

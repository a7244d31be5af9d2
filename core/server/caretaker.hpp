// What the main thread does beside waiting for signals: it tells the service manager how the process is, and
// that it lives only as long as every part of it does.
#pragma once

#include "core/server/server.hpp"
#include "core/server/service_manager.hpp"
#include "core/server/vital_signs.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace wxlogind {

// The main thread only.
class caretaker {
public:
    // Both outlive it.
    caretaker(const service_manager& manager, const server& of);

    // Once the server serves.
    void begin();

    // A round of care, when it is time for one; else nothing. To be called at least every pause().
    void look_after();
    [[nodiscard]] std::chrono::milliseconds pause() const noexcept { return pause_; }

    // Says that a reload is under way while `reload` runs, and in the status when it came to nothing: it
    // returns whether it did come to something.
    void while_reloading(const std::function<bool()>& reload);

    // From now on the process leaves: `how` is said instead of how it serves.
    void leave(std::string how);

private:
    using clock = std::chrono::steady_clock;

    void feed_watchdog(clock::time_point now);
    void tell_status();
    [[nodiscard]] std::string status() const;

    const service_manager& manager_;
    const server& server_;
    const std::chrono::milliseconds pause_;
    vital_signs signs_;
    clock::time_point next_round_;
    clock::time_point last_fed_;
    bool has_warned_{false};
    bool is_reload_refused_{false};
    std::string leaving_;
    std::string told_;
};

} // namespace wxlogind

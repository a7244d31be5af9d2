// What this process and the service manager that has started it (systemd) tell each other: sd_notify(3),
// sd_watchdog_enabled(3), sd_listen_fds(3). Started by hand there is none, and all of it does nothing.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace wxlogind {

// Listening sockets that were made for us before we were started, and outlive us: who connects while no
// process serves waits in their queue. -1: there is none, and the configuration's address is bound.
struct handed_sockets {
    int public_listener{-1};   // FileDescriptorName=public
    int internal_listener{-1}; // FileDescriptorName=internal
};

// The main thread only.
class service_manager {
public:
    // Reads its part of the environment, and removes what is for this process alone. Throws
    // std::runtime_error for a socket that has another name than the two above, or the same as one before.
    service_manager();

    // The receiver owns them.
    [[nodiscard]] const handed_sockets& sockets() const noexcept { return sockets_; }

    [[nodiscard]] bool is_there() const noexcept { return is_there_; }

    // It ends this process when say_alive() was not called for so long; 0: it does not watch.
    [[nodiscard]] std::chrono::microseconds watchdog() const noexcept { return watchdog_; }

    // After the start, and after a reload. `status` is one line for people, as in `systemctl status`.
    void say_ready(std::string_view status) const;
    void say_reloading() const;
    void say_stopping(std::string_view status) const;
    void say_status(std::string_view status) const;
    void say_alive() const;

private:
    handed_sockets sockets_;
    std::chrono::microseconds watchdog_{0};
    bool is_there_{false};
};

} // namespace wxlogind

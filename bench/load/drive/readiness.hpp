// epoll, with waits in nanoseconds. Edges only: a connection is registered once and never again.
#pragma once

#include "core/net/listening_socket.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <span>

#include <sys/epoll.h>

namespace wxlogind::load {

class readiness {
public:
    readiness(); // throws std::system_error

    // `of` comes back with each event of `descriptor`, until it is closed. false when the system refuses.
    [[nodiscard]] bool watch(int descriptor, void* of) const noexcept;

    // Waits for at most `at_most` (not at all when it is 0 or less). What came, until the next call.
    [[nodiscard]] std::span<const epoll_event> wait(std::chrono::nanoseconds at_most) noexcept;

private:
    net::file_descriptor set_;
    std::array<epoll_event, 256> events_{};
};

} // namespace wxlogind::load

// Deadlines as data: a wheel of lists that one timer of the reactor turns, instead of a timer per operation.
//
// Arming and disarming move a node between lists; no system call, no allocation. What that costs is
// precision: a deadline fires up to one tick late, never early.
#pragma once

#include "core/base/async.hpp"

#include <array>
#include <cstddef>

namespace wxlogind::net {

class deadline_wheel;

// Something that has to be done by a time. Intrusive: a member of what it guards. It must be disarmed or
// fired before the wheel is destroyed; its destructor disarms it. The reactor's thread only.
class deadline {
public:
    // `expired` runs on the reactor's thread, the deadline being disarmed already. It may arm or destroy any
    // deadline, this one included.
    using expired_function = void (*)(void* owner);

    deadline(void* owner, expired_function expired) noexcept : owner_{owner}, expired_{expired} {}
    ~deadline() { disarm(); }
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

    [[nodiscard]] bool is_armed() const noexcept { return next_ != nullptr; }
    [[nodiscard]] steady_clock::time_point when() const noexcept { return when_; }
    void disarm() noexcept;

private:
    friend class deadline_wheel;
    deadline* next_ = nullptr;
    deadline* previous_ = nullptr;
    steady_clock::time_point when_{};
    void* owner_;
    expired_function expired_;
};

// One a reactor. The reactor's thread only.
class deadline_wheel {
public:
    static constexpr std::chrono::milliseconds tick{50};

    explicit deadline_wheel(steady_clock::time_point start);
    ~deadline_wheel();
    deadline_wheel(const deadline_wheel&) = delete;
    deadline_wheel& operator=(const deadline_wheel&) = delete;

    // Arms `what`, or moves it when it is armed already.
    void arm(deadline& what, steady_clock::time_point when) noexcept;

    // Fires everything that is due. `now` never goes back. Returns how many fired.
    std::size_t advance(steady_clock::time_point now);

    // The time of the last advance(): at most a tick old while the reactor runs, and free to read.
    [[nodiscard]] steady_clock::time_point now() const noexcept { return now_; }

private:
    // 1,024 ticks are 51 s; a later deadline stays in its list for another turn.
    static constexpr std::size_t slot_count = 1024;
    [[nodiscard]] std::uint64_t tick_of(steady_clock::time_point when) const noexcept;
    static void link(deadline& list, deadline& what) noexcept;

    std::array<deadline, slot_count> slots_;
    steady_clock::time_point start_;
    steady_clock::time_point now_;
    std::uint64_t current_tick_ = 0;
};

} // namespace wxlogind::net

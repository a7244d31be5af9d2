// The wall clock, as a thing that tests can move. Durations are measured with steady_clock instead.
#pragma once

#include <atomic>
#include <chrono>

namespace wxlogind {

// Unix time in milliseconds: the resolution in which times are stored.
using unix_millis = std::chrono::sys_time<std::chrono::milliseconds>;
using unix_seconds = std::chrono::sys_seconds;

// Any thread.
class wall_clock {
public:
    virtual ~wall_clock() = default;
    [[nodiscard]] virtual unix_millis now() const noexcept = 0;
};

class system_wall_clock final : public wall_clock {
public:
    [[nodiscard]] unix_millis now() const noexcept override {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

// Stands still until it is told to move.
class manual_wall_clock final : public wall_clock {
public:
    explicit manual_wall_clock(unix_millis start) : now_{start} {}
    [[nodiscard]] unix_millis now() const noexcept override { return now_.load(std::memory_order_relaxed); }
    void set(unix_millis to) noexcept { now_.store(to, std::memory_order_relaxed); }
    void advance(std::chrono::milliseconds by) noexcept { set(now() + by); }

private:
    std::atomic<unix_millis> now_;
};

} // namespace wxlogind

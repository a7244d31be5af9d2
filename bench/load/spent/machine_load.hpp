// How busy the machine was, whoever it was.
#pragma once

#include <chrono>
#include <optional>

namespace wxlogind::load::spent {

// Of all CPUs together, since the machine started or between two looks.
struct machine_time {
    std::chrono::nanoseconds busy{0};
    std::chrono::nanoseconds stolen{0}; // by the machine that this virtual one runs on
    std::chrono::nanoseconds whole{0};
    std::chrono::nanoseconds own{0}; // of this process
};

// nullopt where /proc/stat is not to be had.
[[nodiscard]] std::optional<machine_time> look_at_machine();

[[nodiscard]] machine_time difference(const machine_time& earlier, const machine_time& later) noexcept;

} // namespace wxlogind::load::spent

// What processes of this machine have spent, as /proc tells it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace wxlogind::load::spent {

// Since the start of the processes, or between two looks.
struct usage {
    std::chrono::nanoseconds cpu{0};
    // Its parts, less exact: the kernel counts them in ticks of 10 ms.
    std::chrono::nanoseconds user{0};
    std::chrono::nanoseconds kernel{0};
    std::uint64_t voluntary_switches{0};
    std::uint64_t involuntary_switches{0};
    std::chrono::nanoseconds waiting{0}; // for a CPU, of all threads that still live
    std::uint64_t written_bytes{0};      // to disks
    std::optional<std::uint64_t> syscalls{};
    std::optional<std::uint64_t> allocations{};
    // As they are, and not differences.
    std::uint64_t resident_bytes{0};
    std::uint64_t peak_resident_bytes{0};

    // The kernel's part of `cpu`.
    [[nodiscard]] double kernel_share() const noexcept {
        const auto ticks = user + kernel;
        return ticks.count() == 0 ? 0
                                  : static_cast<double>(kernel.count()) / static_cast<double>(ticks.count());
    }
};

// What was spent from `earlier` to `later`.
[[nodiscard]] usage difference(const usage& earlier, const usage& later) noexcept;

// The processes that listen on a TCP port or a Unix-domain socket of this machine: those that hold the socket
// open, as far as we may look. Empty when there are none.
[[nodiscard]] std::vector<pid_t> find_listeners(unsigned port, const std::string& unix_path);

class process_watch {
public:
    // `allocations_file`: see allocations/counter.cpp; "" = not counted.
    explicit process_watch(std::vector<pid_t> processes, std::string allocations_file = {})
        : processes_{std::move(processes)}, allocations_file_{std::move(allocations_file)} {}

    // All of them together; nullopt when one of them has gone.
    [[nodiscard]] std::optional<usage> look() const;

    [[nodiscard]] const std::vector<pid_t>& processes() const noexcept { return processes_; }

private:
    std::vector<pid_t> processes_;
    std::string allocations_file_;
};

} // namespace wxlogind::load::spent

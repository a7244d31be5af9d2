#include "bench/load/spent/machine_load.hpp"

#include <array>
#include <fstream>
#include <numeric>
#include <string>

#include <time.h>
#include <unistd.h>

namespace wxlogind::load::spent {

std::optional<machine_time> look_at_machine() {
    // proc_stat(5): user nice system idle iowait irq softirq steal, in ticks.
    std::array<std::int64_t, 8> ticks{};
    std::ifstream stat{"/proc/stat"};
    std::string cpu;
    stat >> cpu;
    for (std::int64_t& each : ticks) stat >> each;
    if (!stat || cpu != "cpu") return std::nullopt;
    const std::chrono::nanoseconds tick{1'000'000'000 / ::sysconf(_SC_CLK_TCK)};
    const std::int64_t whole = std::accumulate(ticks.begin(), ticks.end(), std::int64_t{0});
    const std::int64_t idle = ticks[3] + ticks[4];
    machine_time now;
    now.whole = whole * tick;
    now.stolen = ticks[7] * tick;
    now.busy = (whole - idle - ticks[7]) * tick;
    timespec own{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    now.own = std::chrono::seconds{own.tv_sec} + std::chrono::nanoseconds{own.tv_nsec};
    return now;
}

machine_time difference(const machine_time& earlier, const machine_time& later) noexcept {
    machine_time between;
    between.busy = later.busy - earlier.busy;
    between.stolen = later.stolen - earlier.stolen;
    between.whole = later.whole - earlier.whole;
    between.own = later.own - earlier.own;
    return between;
}

} // namespace wxlogind::load::spent

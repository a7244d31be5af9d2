// One thread's record, cut into intervals that are handed over one by one.
#pragma once

#include "bench/load/record/collector.hpp"
#include "bench/load/record/tally.hpp"

#include <chrono>
#include <memory>

namespace wxlogind::load {

using steady = std::chrono::steady_clock;

// When what counts.
struct recorded_time {
    steady::time_point start{};
    nanoseconds interval{};
    steady::time_point measured_from{};
    steady::time_point measured_to{}; // may come later or sooner: see recorder::break_off
};

class recorder {
public:
    // On the thread that records. `to` outlives it.
    recorder(unsigned thread, std::size_t operations, collector& to, recorded_time when);

    // Of the interval that is now; what one operation sees.
    [[nodiscard]] tally& of(std::size_t operation) noexcept { return current_->operations[operation]; }
    [[nodiscard]] interval& now() noexcept { return *current_; }

    // A request that was meant to start then is over. Those of the warm-up do not count.
    void
    record_latency(std::size_t operation, steady::time_point intended, steady::time_point over) noexcept {
        if (intended >= when_.measured_from && intended < when_.measured_to)
            of(operation).latency.record(over - intended);
    }
    // The same of one whose answer was not as expected.
    void
    record_refusal(std::size_t operation, steady::time_point intended, steady::time_point over) noexcept {
        if (intended >= when_.measured_from && intended < when_.measured_to)
            of(operation).refusal.record(over - intended);
    }

    // Ends intervals that are over. `parked`, `opened`: as they stand now.
    void turn_to(steady::time_point now, std::size_t parked, std::uint64_t opened);
    // Nothing that starts from now on counts.
    void break_off(steady::time_point now) noexcept { when_.measured_to = std::min(when_.measured_to, now); }
    void finish(steady::time_point now, std::size_t parked, std::uint64_t opened);

    [[nodiscard]] steady::time_point interval_end() const noexcept { return interval_end_; }

private:
    void hand_over(steady::time_point end, std::size_t parked, std::uint64_t opened);
    void begin(std::size_t number);

    const unsigned thread_;
    const std::size_t operations_;
    collector& to_;
    recorded_time when_;
    std::unique_ptr<interval> current_{};
    steady::time_point interval_begin_;
    steady::time_point interval_end_;
    thread_time spent_before_;
    std::uint64_t opened_before_{0};
};

// Of the calling thread since its start; what the kernel does not tell stays 0.
[[nodiscard]] thread_time spent_by_this_thread() noexcept;

} // namespace wxlogind::load

// The record of a run, put together from what the threads hand over.
#pragma once

#include "bench/load/record/tally.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace wxlogind::load {

// The shares at which curves of latency are drawn, from half to one in 100,000.
inline constexpr std::array curve_shares{0.02, 0.05,  0.1,   0.2,   0.3,   0.4,    0.5,    0.6,    0.7,
                                         0.75, 0.8,   0.85,  0.9,   0.93,  0.95,   0.97,   0.98,   0.985,
                                         0.99, 0.993, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99999};

// All threads, one interval.
struct timeline_point {
    std::size_t number{0};
    bool is_warm_up{false};
    double rate{0}; // successes a second
    std::uint64_t succeeded{0};
    std::uint64_t failed{0};
    std::array<nanoseconds, curve_shares.size()> curve{};
    nanoseconds p50{0};
    nanoseconds p99{0};
    nanoseconds max{0};
    std::size_t parked{0};
};

class timeline {
public:
    timeline(unsigned threads, nanoseconds interval, std::size_t warm_up, std::size_t measured);

    // What one thread recorded. The points that are complete by it are passed to `done`, in order.
    template <class Done>
    void add(std::unique_ptr<interval> filled, Done done) {
        take(std::move(filled));
        while (auto point = next_point()) done(*point);
    }

    [[nodiscard]] const std::vector<timeline_point>& points() const noexcept { return points_; }
    // Of the measured time.
    [[nodiscard]] const interval& measured() const noexcept { return measured_; }
    [[nodiscard]] const std::vector<thread_time>& spent_by_thread() const noexcept { return spent_; }

private:
    struct pending {
        interval sum{};
        unsigned threads{0};
        bool is_whole{true}; // of full length, for all threads
    };

    void take(std::unique_ptr<interval> filled);
    const timeline_point* next_point();

    const unsigned threads_;
    const nanoseconds length_;
    const std::size_t warm_up_;
    const std::size_t end_; // of what is measured; what comes after it are late answers
    std::map<std::size_t, pending> pending_{};
    std::size_t next_{0};
    std::vector<timeline_point> points_{};
    interval measured_{};
    std::vector<thread_time> spent_;
};

} // namespace wxlogind::load

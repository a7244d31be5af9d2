// What one thread saw in one interval. Threads share none of it: a thread fills its own and hands it over
// whole.
#pragma once

#include "bench/load/record/histogram.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::load {

// A way to fail: the HTTP status with the `code` of the problem document, or 0 and what happened to the
// connection.
struct failure_kind {
    unsigned status{0};
    std::string what{};
    auto operator<=>(const failure_kind&) const = default;
};

struct failure_count {
    failure_kind kind{};
    std::uint64_t count{0};
};

// Of one operation.
struct tally {
    histogram latency{}; // answers that were as expected, and waits that were given up
    histogram refusal{}; // answers that were not
    std::uint64_t succeeded{0};
    std::uint64_t failed{0};
    std::uint64_t new_users{0}; // logins that said "is_new":true
    std::vector<failure_count> failures{};

    void count_failure(unsigned status, std::string_view what);
    void add(const tally& other);
};

// How a thread spent its time: on its core, and waiting for one that others had.
struct thread_time {
    nanoseconds running{0};
    nanoseconds waiting{0};
};

// Of all operations of a scenario, in its order.
struct interval {
    std::size_t number{0};
    unsigned thread{0};
    nanoseconds length{0}; // shorter than planned when the run was broken off
    std::vector<tally> operations{};
    histogram lag{};            // from the intended start to the real one: the harness's own part
    std::uint64_t opened{0};    // connections
    std::uint64_t unstarted{0}; // intended starts that never came to be
    thread_time spent{};
    std::size_t parked{0}; // idle connections open at its end

    // Of another thread or time; what is a point in time stays.
    void add(const interval& other);
    // All operations as one.
    [[nodiscard]] tally whole() const;
};

} // namespace wxlogind::load

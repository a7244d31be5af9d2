// How often the program has allocated: operator new, counted.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>

namespace wxlogind::bench {

// Of all threads since the start.
[[nodiscard]] std::size_t allocation_count() noexcept;

// While it lives, what is allocated goes to the benchmark's counter "allocations", per iteration.
class counted_allocations {
public:
    explicit counted_allocations(benchmark::State& state) : state_{state}, before_{allocation_count()} {}
    ~counted_allocations() {
        state_.counters["allocations"] = benchmark::Counter(
            static_cast<double>(allocation_count() - before_), benchmark::Counter::kAvgIterations);
    }
    counted_allocations(const counted_allocations&) = delete;
    counted_allocations& operator=(const counted_allocations&) = delete;

private:
    benchmark::State& state_;
    std::size_t before_;
};

} // namespace wxlogind::bench

// Numbers that the program counts by while it runs, and that any thread may read at any time.
//
// Where each belongs: what happens per request is a counter in an object of one reactor (per_reactor.hpp), so
// that no two threads write to one cache line; what is rare may be a shared_counter.
#pragma once

#include <atomic>
#include <cstdint>

namespace wxlogind::metrics {

// Only grows. One thread adds, so that it is a plain addition without a locked instruction; any reads.
class counter {
public:
    void add(std::uint64_t by = 1) noexcept {
        value_.store(value_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// Only grows. Any thread adds: for what happens seldom.
class shared_counter {
public:
    void add(std::uint64_t by = 1) noexcept { value_.fetch_add(by, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// How something is now. One thread sets, any reads.
class gauge {
public:
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

} // namespace wxlogind::metrics

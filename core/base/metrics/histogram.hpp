// How values are distributed: how many were at most so large, for a few sizes.
#pragma once

#include "core/base/metrics/counters.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace wxlogind::metrics {

// Upper bounds, ascending; a value may be equal to its bound. What is above the last has a bucket of its own.
template <std::size_t Count>
using bucket_bounds = std::array<std::uint32_t, Count>;

// Microseconds, from what a token check takes to where every deadline has passed.
inline constexpr bucket_bounds<16> request_times{
    100,    250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,
    50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000,
};

// Several histograms with the same bounds, added up.
struct distribution {
    std::span<const std::uint32_t> bounds;
    std::vector<std::uint64_t> counts; // one more than bounds
    std::uint64_t sum{0};

    [[nodiscard]] std::uint64_t count() const noexcept {
        std::uint64_t all = 0;
        for (const std::uint64_t each : counts) all += each;
        return all;
    }
};

// One thread observes, any reads. A reader in the middle of an observation sees a count without its sum.
template <const auto& Bounds>
class histogram {
public:
    void observe(std::uint64_t value) noexcept {
        const auto clamped = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
        std::size_t at = 0;
        for (const std::uint32_t bound : Bounds) at += clamped > bound ? 1 : 0; // no branches
        counts_[at].add();
        sum_.add(value);
    }

    // `to` has been made by empty().
    void add_to(distribution& to) const {
        for (std::size_t at = 0; at < counts_.size(); ++at) to.counts[at] += counts_[at].value();
        to.sum += sum_.value();
    }

    [[nodiscard]] static distribution empty() {
        return {.bounds = Bounds, .counts = std::vector<std::uint64_t>(Bounds.size() + 1)};
    }

private:
    std::array<counter, Bounds.size() + 1> counts_;
    counter sum_;
};

} // namespace wxlogind::metrics

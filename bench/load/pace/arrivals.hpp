// When requests are meant to start, whatever the server does meanwhile.
#pragma once

#include "bench/wechat-sim/generator.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>

namespace wxlogind::load {

using std::chrono::nanoseconds;

enum class arrival_pattern : unsigned char {
    constant,
    poisson, // gaps are exponential: independent users
};

// One thread's share of the arrivals, as times since the start.
class arrivals {
public:
    // `rate` of all threads together, a second, > 0; this one is number `thread` of `threads`.
    arrivals(arrival_pattern pattern, double rate, unsigned thread, unsigned threads, std::uint64_t seed)
        : pattern_{pattern}, gap_{1e9 * threads / rate}, numbers_{wechat_sim::mix(seed + thread + 1)} {
        // Constant arrivals of several threads interleave.
        at_ = pattern == arrival_pattern::constant ? gap_ * thread / threads : exponential_gap();
    }

    [[nodiscard]] nanoseconds next() const noexcept {
        return nanoseconds{static_cast<nanoseconds::rep>(at_)};
    }

    void advance() noexcept { at_ += pattern_ == arrival_pattern::constant ? gap_ : exponential_gap(); }

    // Passes over what was meant to start before `end`, and says how many that were.
    std::uint64_t skip_until(nanoseconds end) noexcept {
        std::uint64_t skipped = 0;
        for (; next() < end; advance()) ++skipped;
        return skipped;
    }

private:
    double exponential_gap() noexcept { return -std::log1p(-numbers_.fraction()) * gap_; }

    arrival_pattern pattern_;
    double gap_; // ns, on average
    wechat_sim::generator numbers_;
    double at_{0}; // ns
};

} // namespace wxlogind::load

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

// Another rate for a while.
struct surge {
    double rate{0};      // a second
    nanoseconds from{0}; // since the start
    nanoseconds until{0};
};

// One thread's share of the arrivals, as times since the start.
class arrivals {
public:
    // `rate` of all threads together, a second, > 0; this one is number `thread` of `threads`.
    arrivals(
        arrival_pattern pattern, double rate, unsigned thread, unsigned threads, std::uint64_t seed,
        const surge& more = {})
        : pattern_{pattern},
          gap_{1e9 * threads / rate},
          numbers_{wechat_sim::mix(seed + thread + 1)},
          more_{more},
          gap_in_surge_{1e9 * threads / more.rate} {
        // Constant arrivals of several threads interleave.
        at_ = pattern == arrival_pattern::constant ? gap_ * thread / threads : exponential_gap(gap_);
    }

    [[nodiscard]] nanoseconds next() const noexcept {
        return nanoseconds{static_cast<nanoseconds::rep>(at_)};
    }

    void advance() noexcept {
        const double gap = next() >= more_.from && next() < more_.until ? gap_in_surge_ : gap_;
        at_ += pattern_ == arrival_pattern::constant ? gap : exponential_gap(gap);
    }

    // Passes over what was meant to start before `end`, and says how many that were.
    std::uint64_t skip_until(nanoseconds end) noexcept {
        std::uint64_t skipped = 0;
        for (; next() < end; advance()) ++skipped;
        return skipped;
    }

private:
    double exponential_gap(double mean) noexcept { return -std::log1p(-numbers_.fraction()) * mean; }

    arrival_pattern pattern_;
    double gap_; // ns, on average
    wechat_sim::generator numbers_;
    surge more_;
    double gap_in_surge_;
    double at_{0}; // ns
};

} // namespace wxlogind::load

// How long things took, counted in buckets that grow with the value, as HdrHistogram does it: 256 steps for
// each power of two. A quantile is at most 1/256 (0.4 %) above the true one and never below it.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace wxlogind::load {

using std::chrono::nanoseconds;

// One thread at a time. Times outside of 0 .. 18 minutes count as the nearest of them.
class histogram {
public:
    static constexpr double error = 1.0 / 256;

    void record(nanoseconds took) noexcept {
        const std::uint64_t value = clamped(took);
        ++counts_[bucket_of(value)];
        ++count_;
        sum_ += value;
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
    }

    void add(const histogram& other) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] nanoseconds min() const noexcept { return nanoseconds{count_ == 0 ? 0 : min_}; }
    [[nodiscard]] nanoseconds max() const noexcept { return nanoseconds{max_}; }
    [[nodiscard]] nanoseconds mean() const noexcept { return nanoseconds{count_ == 0 ? 0 : sum_ / count_}; }

    // The smallest time that at least `share` (0 < share <= 1) of all are not above; 0 when there are none.
    [[nodiscard]] nanoseconds quantile(double share) const noexcept;

    // How many took longer than `limit`, as far as the buckets tell.
    [[nodiscard]] std::uint64_t count_above(nanoseconds limit) const noexcept;

private:
    static constexpr unsigned step_bits = 8;
    static constexpr unsigned value_bits = 40;
    static constexpr std::uint64_t steps = std::uint64_t{1} << step_bits;
    static constexpr std::size_t bucket_count = (value_bits - step_bits + 1) << step_bits;

    static std::uint64_t clamped(nanoseconds took) noexcept {
        constexpr nanoseconds::rep most = (nanoseconds::rep{1} << value_bits) - 1;
        return static_cast<std::uint64_t>(std::clamp(took.count(), nanoseconds::rep{0}, most));
    }
    // Below `steps` a bucket is one value; above, 2^shift values.
    static std::size_t bucket_of(std::uint64_t value) noexcept {
        const auto width = static_cast<unsigned>(std::bit_width(value | (steps - 1)));
        const unsigned shift = width - step_bits - (width > step_bits ? 1 : 0);
        return (static_cast<std::size_t>(shift) << step_bits) + (value >> shift);
    }
    static std::uint64_t highest_in(std::size_t bucket) noexcept;

    std::array<std::uint64_t, bucket_count> counts_{};
    std::uint64_t count_{0};
    std::uint64_t sum_{0};
    std::uint64_t min_{~std::uint64_t{0}};
    std::uint64_t max_{0};
};

} // namespace wxlogind::load

#include "bench/load/record/histogram.hpp"

#include <cmath>

namespace wxlogind::load {

std::uint64_t histogram::highest_in(std::size_t bucket) noexcept {
    if (bucket < 2 * steps) return bucket;
    const std::size_t shift = (bucket >> step_bits) - 1;
    const std::uint64_t lowest = (bucket - (shift << step_bits)) << shift;
    return lowest + (std::uint64_t{1} << shift) - 1;
}

void histogram::add(const histogram& other) noexcept {
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) counts_[bucket] += other.counts_[bucket];
    count_ += other.count_;
    sum_ += other.sum_;
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
}

nanoseconds histogram::quantile(double share) const noexcept {
    if (count_ == 0) return nanoseconds{0};
    const double exact = std::ceil(share * static_cast<double>(count_));
    const auto wanted = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(exact), 1, count_);
    std::uint64_t seen = 0;
    for (std::size_t bucket = bucket_of(min_); bucket < bucket_count; ++bucket) {
        seen += counts_[bucket];
        if (seen >= wanted) return nanoseconds{std::min(highest_in(bucket), max_)};
    }
    return max();
}

std::uint64_t histogram::count_above(nanoseconds limit) const noexcept {
    std::uint64_t above = 0;
    for (std::size_t bucket = bucket_of(clamped(limit)) + 1; bucket < bucket_count; ++bucket)
        above += counts_[bucket];
    return above;
}

} // namespace wxlogind::load

#include "bench/load/users/zipf.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wxlogind::load {

namespace {

// log1p(x)/x and expm1(x)/x, also where x is next to nothing.
double log1p_over(double x) noexcept {
    return std::abs(x) > 1e-8 ? std::log1p(x) / x : 1 - x / 2;
}
double expm1_over(double x) noexcept {
    return std::abs(x) > 1e-8 ? std::expm1(x) / x : 1 + x / 2;
}

} // namespace

zipf_sampler::zipf_sampler(std::uint64_t n, double exponent) : n_{n}, exponent_{exponent} {
    upper_ = integral(static_cast<double>(n) + 0.5);
    width_ = integral(1.5) - 1 - upper_;
    shortcut_ = 2 - inverse_integral(integral(2.5) - density(2));
}

double zipf_sampler::density(double x) const noexcept {
    return std::exp(-exponent_ * std::log(x));
}

// Of the density from 1 to x; the logarithm where the exponent is 1.
double zipf_sampler::integral(double x) const noexcept {
    const double log_x = std::log(x);
    return expm1_over((1 - exponent_) * log_x) * log_x;
}

double zipf_sampler::inverse_integral(double y) const noexcept {
    const double bounded = std::max(y * (1 - exponent_), -1.0);
    return std::exp(log1p_over(bounded) * y);
}

std::uint64_t zipf_sampler::next_rank(generator& numbers) const noexcept {
    if (exponent_ == 0) return 1 + numbers.below(n_);
    for (;;) {
        const double drawn = upper_ + numbers.fraction() * width_;
        const double x = inverse_integral(drawn);
        const auto rank = std::clamp<double>(std::floor(x + 0.5), 1, static_cast<double>(n_));
        if (rank - x <= shortcut_ || drawn >= integral(rank + 0.5) - density(rank))
            return static_cast<std::uint64_t>(rank);
    }
}

shuffled_users::shuffled_users(std::uint64_t n) noexcept : n_{n}, factor_{1} {
    // Near the golden section neighbours land far apart.
    auto candidate = static_cast<std::uint64_t>(static_cast<double>(n) * 0.6180339887) | 1;
    while (std::gcd(candidate, n_) != 1) candidate += 2;
    factor_ = candidate % n_;
}

std::uint64_t shuffled_users::operator()(std::uint64_t index) const noexcept {
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>(wide{index} * factor_ % n_);
}

} // namespace wxlogind::load

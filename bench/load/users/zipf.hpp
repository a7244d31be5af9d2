// Which user comes next, where few come often and most hardly ever: Zipf's law over up to 2^53 users.
#pragma once

#include "bench/wechat-sim/generator.hpp"

#include <cstdint>

namespace wxlogind::load {

using wechat_sim::generator;

// Ranks 1..n with a probability proportional to rank^-exponent, in constant time and space, whatever n:
// rejection-inversion (W. Hörmann and G. Derflinger, Rejection-inversion to generate variates from monotone
// discrete distributions, ACM TOMACS 6, 1996). Exponent 0 is the uniform distribution.
class zipf_sampler {
public:
    // n >= 1, exponent >= 0.
    zipf_sampler(std::uint64_t n, double exponent);

    // 1 <= rank <= n.
    [[nodiscard]] std::uint64_t next_rank(generator& numbers) const noexcept;

private:
    [[nodiscard]] double density(double x) const noexcept;
    [[nodiscard]] double integral(double x) const noexcept;
    [[nodiscard]] double inverse_integral(double y) const noexcept;

    std::uint64_t n_;
    double exponent_;
    double upper_;    // of the integral that is drawn from
    double width_;    // of what is drawn from
    double shortcut_; // a rank that lies closer than this to what was drawn needs no further check
};

// Spreads ranks over the users, so that those who come often do not stand side by side: one to one on 0..n-1.
class shuffled_users {
public:
    explicit shuffled_users(std::uint64_t n) noexcept;
    [[nodiscard]] std::uint64_t operator()(std::uint64_t index) const noexcept;

private:
    std::uint64_t n_;
    std::uint64_t factor_; // has no divisor in common with n_
};

} // namespace wxlogind::load

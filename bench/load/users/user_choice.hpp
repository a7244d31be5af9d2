// Who logs in next. One thread's own.
#pragma once

#include "bench/load/users/zipf.hpp"

#include <cstdint>
#include <optional>

namespace wxlogind::load {

// A half-open range of user numbers.
struct user_range {
    std::uint64_t first{0};
    std::uint64_t count{0};
};

class user_choice {
public:
    // Each of the range once, in order; the threads share them out.
    static user_choice once_each(user_range all, unsigned thread, unsigned threads) {
        return user_choice{all, all.first + thread, threads};
    }
    // Again and again by Zipf's law (exponent 0: all alike).
    static user_choice by_zipf(user_range all, double exponent, std::uint64_t seed) {
        user_choice made{all, 0, 0};
        made.numbers_ = generator{seed};
        made.sampler_.emplace(all.count, exponent);
        return made;
    }

    // nullopt when everybody has had their turn.
    std::optional<std::uint64_t> next() noexcept {
        if (sampler_) return all_.first + spread_(sampler_->next_rank(numbers_) - 1);
        if (is_exhausted()) return std::nullopt;
        const std::uint64_t user = upcoming_;
        upcoming_ += step_;
        return user;
    }
    [[nodiscard]] bool is_exhausted() const noexcept {
        return !sampler_ && upcoming_ >= all_.first + all_.count;
    }

private:
    user_choice(user_range all, std::uint64_t upcoming, std::uint64_t step) noexcept
        : all_{all}, upcoming_{upcoming}, step_{step}, spread_{all.count}, numbers_{0} {}

    user_range all_;
    std::uint64_t upcoming_;
    std::uint64_t step_;
    shuffled_users spread_;
    generator numbers_;
    std::optional<zipf_sampler> sampler_{};
};

} // namespace wxlogind::load

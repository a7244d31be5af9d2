// The highest rate that is still good, by trying. Pure.
#pragma once

#include <optional>

namespace wxlogind::load {

// Doubles until a rate is too much (or halves until one is good), then halves the gap until it is narrow.
class rate_search {
public:
    // 0 < `lowest` <= `first`: nothing below `lowest` is tried. The answer is at most `tolerance` (a share)
    // below a rate that was too much.
    rate_search(double first, double lowest, double tolerance = 0.05) noexcept
        : upcoming_{first}, lowest_{lowest}, tolerance_{tolerance} {}

    // The rate to try next; nullopt: the search is over.
    [[nodiscard]] std::optional<double> next() const noexcept {
        if (tries_ >= most_tries || upcoming_ < lowest_) return std::nullopt;
        if (good_ && bad_ && *bad_ <= *good_ * (1 + tolerance_)) return std::nullopt;
        return upcoming_;
    }

    // How the rate of next() went.
    void tell(bool is_good) noexcept {
        ++tries_;
        (is_good ? good_ : bad_) = upcoming_;
        if (!bad_)
            upcoming_ *= 2;
        else if (!good_)
            upcoming_ /= 2;
        else
            upcoming_ = (*good_ + *bad_) / 2;
    }

    // The highest good rate so far.
    [[nodiscard]] std::optional<double> best() const noexcept { return good_; }

private:
    static constexpr int most_tries = 24;

    double upcoming_;
    double lowest_;
    double tolerance_;
    int tries_{0};
    std::optional<double> good_{};
    std::optional<double> bad_{};
};

} // namespace wxlogind::load

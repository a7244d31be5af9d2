#include "bench/wechat-sim/faults/latency_model.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

namespace wxlogind::wechat_sim {

namespace {

constexpr double longest_ms = 600'000;

std::optional<double> parse_number(std::string_view text) {
    double number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size() || !(number >= 0) || number > longest_ms)
        return std::nullopt;
    return number;
}

// Box and Muller's way to a normal deviate.
double draw_normal(generator& numbers) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - numbers.fraction()));
    return radius * std::cos(2.0 * std::numbers::pi * numbers.fraction());
}

} // namespace

std::optional<latency_model> latency_model::parse(std::string_view text) {
    latency_model made;
    made.text_ = text;
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = text.substr(0, colon);
    const std::string_view numbers = text.substr(colon + 1);
    if (name == "fixed") {
        const auto only = parse_number(numbers);
        if (!only) return std::nullopt;
        made.first_ = *only;
        return made;
    }
    const std::size_t middle = numbers.find(':');
    if (middle == std::string_view::npos) return std::nullopt;
    const auto first = parse_number(numbers.substr(0, middle));
    const auto second = parse_number(numbers.substr(middle + 1));
    if (!first || !second) return std::nullopt;
    made.first_ = *first;
    made.second_ = *second;
    if (name == "uniform" && *first <= *second)
        made.shape_ = shape::uniform;
    else if (name == "lognormal" && *second <= 10)
        made.shape_ = shape::lognormal;
    else
        return std::nullopt;
    return made;
}

std::chrono::milliseconds latency_model::draw(generator& numbers) const {
    double drawn = first_;
    if (shape_ == shape::uniform) drawn = first_ + (second_ - first_) * numbers.fraction();
    if (shape_ == shape::lognormal) drawn = first_ * std::exp(second_ * draw_normal(numbers));
    return std::chrono::milliseconds{std::llround(std::min(drawn, longest_ms))};
}

} // namespace wxlogind::wechat_sim

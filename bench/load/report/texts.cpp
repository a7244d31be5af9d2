#include "bench/load/report/texts.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace wxlogind::load {

namespace {

std::string decimal(double number, int digits) {
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, number);
    return {text.data(), static_cast<std::size_t>(size)};
}

// Three digits that count.
std::string three_digits(double number) {
    if (number >= 100) return decimal(number, 0);
    return decimal(number, number >= 10 ? 1 : 2);
}

} // namespace

std::string time_text(double seconds) {
    if (seconds < 1e-3) return three_digits(seconds * 1e6) + " us";
    if (seconds < 1) return three_digits(seconds * 1e3) + " ms";
    return three_digits(seconds) + " s";
}

std::string time_text(std::chrono::nanoseconds time) {
    return time_text(std::chrono::duration<double>(time).count());
}

std::string count_text(double number) {
    std::string text =
        decimal(std::abs(number), std::abs(number) < 10 && number != std::floor(number) ? 2 : 0);
    const std::size_t whole = std::min(text.find('.'), text.size());
    for (std::size_t at = whole; at > 3; at -= 3) text.insert(at - 3, ",");
    return number < 0 ? "-" + text : text;
}

std::string bytes_text(double bytes) {
    if (bytes < 1024) return count_text(bytes) + " B";
    if (bytes < 1024.0 * 1024) return three_digits(bytes / 1024) + " KiB";
    if (bytes < 1024.0 * 1024 * 1024) return three_digits(bytes / 1024 / 1024) + " MiB";
    return three_digits(bytes / 1024 / 1024 / 1024) + " GiB";
}

std::string share_text(double share) {
    return decimal(share * 100, share < 0.1 ? 2 : 1) + " %";
}

std::string value_text(metric_unit unit, double value) {
    switch (unit) {
    case metric_unit::seconds: return time_text(value);
    case metric_unit::bytes: return bytes_text(value);
    case metric_unit::share: return share_text(value);
    case metric_unit::number: break;
    }
    return count_text(value);
}

} // namespace wxlogind::load

// Conditions on what came out: "p99>20ms".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::load {

struct condition {
    std::string text{};   // as it was written
    std::string metric{}; // see metrics.hpp
    bool is_above{true};  // > or <
    double limit{0};      // in the metric's unit: seconds, bytes, a share, a number

    [[nodiscard]] bool holds_for(double value) const noexcept {
        return is_above ? value > limit : value < limit;
    }
};

// METRIC, > or <, a number with a unit that fits the metric: us, ms, s; KiB, MiB, GiB, KB, MB; %. Throws
// std::runtime_error that says what is wrong.
[[nodiscard]] condition parse_condition(std::string_view text);

} // namespace wxlogind::load

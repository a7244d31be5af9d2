// Figures as people read them.
#pragma once

#include "bench/load/report/metrics.hpp"

#include <chrono>
#include <string>

namespace wxlogind::load {

// Three digits that count, and a unit: "812 us", "4.13 ms", "1.20 s".
[[nodiscard]] std::string time_text(double seconds);
[[nodiscard]] std::string time_text(std::chrono::nanoseconds time);
// "12,345"
[[nodiscard]] std::string count_text(double number);
// "41.3 MiB"
[[nodiscard]] std::string bytes_text(double bytes);
// "0.13 %"
[[nodiscard]] std::string share_text(double share);
// By the unit of the metric.
[[nodiscard]] std::string value_text(metric_unit unit, double value);

} // namespace wxlogind::load

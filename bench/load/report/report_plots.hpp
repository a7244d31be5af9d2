// The plots of a report, each as SVG; "" where there is nothing to plot.
#pragma once

#include "bench/load/report/report.hpp"

#include <string>

namespace wxlogind::load {

[[nodiscard]] std::string plot_throughput(const report& of);
[[nodiscard]] std::string plot_percentiles(const report& of);
[[nodiscard]] std::string plot_latency_over_time(const report& of);
[[nodiscard]] std::string plot_server(const report& of);
[[nodiscard]] std::string plot_search(const report& of);

} // namespace wxlogind::load

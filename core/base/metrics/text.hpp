// Prometheus' text format (prometheus.io/docs/instrumenting/exposition_formats), version 0.0.4.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::metrics {

inline constexpr std::string_view text_content_type{"text/plain; version=0.0.4; charset=utf-8"};

// Byte for byte what prometheus::TextSerializer writes, which a test holds: Debian has that one as a shared
// library only, and the server is one file to copy. Counters, gauges and histograms. Any thread.
[[nodiscard]] std::string to_text(const std::vector<prometheus::MetricFamily>& families);

} // namespace wxlogind::metrics

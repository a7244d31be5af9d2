// What the parts of the program say of themselves when somebody asks, in prometheus-cpp's types.
#pragma once

#include "core/base/metrics/histogram.hpp"

#include <prometheus/metric_family.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::metrics {

// Label names and values: {{"listener", "public"}}. A value comes from a list that is bounded: never from
// what a client sends, never a user, never a secret.
using labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

class report;

// Metrics of one name, one for each set of label values. For use at once: not to be kept.
class family {
public:
    family& add(std::uint64_t value, labels of = {}) { return add_number(static_cast<double>(value), of); }
    family& add_number(double value, labels of = {});
    // The values are divided by `scale`: 1'000'000 makes seconds of microseconds.
    family& add(const distribution& values, double scale, labels of = {});

private:
    friend class report;
    family(report& in, std::size_t at) : in_{in}, at_{at} {}

    report& in_;
    std::size_t at_;
};

// Names and units are Prometheus' (prometheus.io/docs/practices/naming): "wxlogind_", the thing, its base
// unit (seconds, bytes), "_total" for what only grows. Several parts may add to one family.
class report {
public:
    family counter(std::string_view name, std::string_view help) {
        return find(name, help, prometheus::MetricType::Counter);
    }
    family gauge(std::string_view name, std::string_view help) {
        return find(name, help, prometheus::MetricType::Gauge);
    }
    family histogram(std::string_view name, std::string_view help) {
        return find(name, help, prometheus::MetricType::Histogram);
    }

    // Takes out of all families what has a label of that name with a value that does not count any more.
    void keep_only(std::string_view label, const std::function<bool(std::string_view value)>& counts);

    // Nothing is in it afterwards.
    [[nodiscard]] std::vector<prometheus::MetricFamily> take() noexcept { return std::move(families_); }

private:
    friend class family;
    family find(std::string_view name, std::string_view help, prometheus::MetricType type);

    std::vector<prometheus::MetricFamily> families_;
};

} // namespace wxlogind::metrics

#include "core/base/metrics/report.hpp"

#include <algorithm>
#include <limits>

namespace wxlogind::metrics {

namespace {

prometheus::ClientMetric labelled(labels of) {
    prometheus::ClientMetric metric;
    metric.label.reserve(of.size());
    for (const auto& [name, value] : of) metric.label.push_back({std::string{name}, std::string{value}});
    return metric;
}

} // namespace

family& family::add_number(double value, labels of) {
    prometheus::MetricFamily& mine = in_.families_[at_];
    prometheus::ClientMetric metric = labelled(of);
    (mine.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    mine.metric.push_back(std::move(metric));
    return *this;
}

family& family::add(const distribution& values, double scale, labels of) {
    prometheus::ClientMetric metric = labelled(of);
    std::uint64_t so_far = 0;
    for (std::size_t at = 0; at < values.counts.size(); ++at) {
        so_far += values.counts[at];
        const double bound =
            at < values.bounds.size() ? values.bounds[at] / scale : std::numeric_limits<double>::infinity();
        metric.histogram.bucket.push_back({so_far, bound});
    }
    metric.histogram.sample_count = so_far;
    metric.histogram.sample_sum = static_cast<double>(values.sum) / scale;
    in_.families_[at_].metric.push_back(std::move(metric));
    return *this;
}

void report::keep_only(std::string_view label, const std::function<bool(std::string_view value)>& counts) {
    const auto is_over = [&](const prometheus::ClientMetric::Label& each) {
        return each.name == label && !counts(each.value);
    };
    for (prometheus::MetricFamily& each : families_)
        std::erase_if(each.metric, [&is_over](const prometheus::ClientMetric& metric) {
            return std::any_of(metric.label.begin(), metric.label.end(), is_over);
        });
}

// There are some dozens.
family report::find(std::string_view name, std::string_view help, prometheus::MetricType type) {
    for (std::size_t at = 0; at < families_.size(); ++at)
        if (families_[at].name == name) return {*this, at};
    prometheus::MetricFamily& added = families_.emplace_back();
    added.name = name;
    added.help = help;
    added.type = type;
    return {*this, families_.size() - 1};
}

} // namespace wxlogind::metrics

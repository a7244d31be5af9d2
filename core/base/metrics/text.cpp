#include "core/base/metrics/text.hpp"

#include <charconv>
#include <cmath>
#include <concepts>

namespace wxlogind::metrics {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string_view name_of(MetricType type) noexcept {
    switch (type) {
    case MetricType::Counter: return "counter";
    case MetricType::Gauge: return "gauge";
    case MetricType::Histogram: return "histogram";
    case MetricType::Summary: return "summary";
    case MetricType::Untyped: break;
    }
    return "untyped";
}

void append(std::string& out, std::unsigned_integral auto value) {
    char digits[24];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

// Every digit that a double is sure to hold.
void append(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "Nan";
    } else if (std::isinf(value)) {
        out += value < 0 ? "-Inf" : "+Inf";
    } else {
        char digits[32];
        out.append(
            digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 16).ptr);
    }
}

void append_label_value(std::string& out, std::string_view value) {
    for (const char c : value) {
        switch (c) {
        case '\n': out += "\\n"; break;
        case '\\': out += "\\\\"; break;
        case '"': out += "\\\""; break;
        default: out += c;
        }
    }
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append("=\"");
    append_label_value(out, value);
    out += '"';
}

// `name` and its labels, and the blank after them.
void append_head(
    std::string& out, const MetricFamily& of, std::string_view suffix, const ClientMetric& metric,
    const double* less_or_equal = nullptr) {
    out.append(of.name).append(suffix);
    if (!metric.label.empty() || less_or_equal != nullptr) {
        char before = '{';
        for (const ClientMetric::Label& each : metric.label) {
            out += before;
            append_label(out, each.name, each.value);
            before = ',';
        }
        if (less_or_equal != nullptr) {
            out.append(1, before).append("le=\"");
            append(out, *less_or_equal);
            out += '"';
        }
        out += '}';
    }
    out += ' ';
}

void append_number(std::string& out, const MetricFamily& of, const ClientMetric& metric, double value) {
    append_head(out, of, "", metric);
    append(out, value);
    out += '\n';
}

// The last bucket is the one without a bound.
void append_histogram(std::string& out, const MetricFamily& of, const ClientMetric& metric) {
    append_head(out, of, "_count", metric);
    append(out, metric.histogram.sample_count);
    out += '\n';
    append_head(out, of, "_sum", metric);
    append(out, metric.histogram.sample_sum);
    out += '\n';
    for (const ClientMetric::Bucket& each : metric.histogram.bucket) {
        append_head(out, of, "_bucket", metric, &each.upper_bound);
        append(out, each.cumulative_count);
        out += '\n';
    }
}

void append_metric(std::string& out, const MetricFamily& of, const ClientMetric& metric) {
    switch (of.type) {
    case MetricType::Counter: append_number(out, of, metric, metric.counter.value); break;
    case MetricType::Gauge: append_number(out, of, metric, metric.gauge.value); break;
    case MetricType::Histogram: append_histogram(out, of, metric); break;
    case MetricType::Summary:
    case MetricType::Untyped: break;
    }
}

} // namespace

std::string to_text(const std::vector<MetricFamily>& families) {
    std::string out;
    out.reserve(64 * 1024);
    for (const MetricFamily& family : families) {
        if (!family.help.empty())
            out.append("# HELP ").append(family.name).append(" ").append(family.help).append("\n");
        out.append("# TYPE ").append(family.name).append(" ").append(name_of(family.type)).append("\n");
        for (const ClientMetric& metric : family.metric) append_metric(out, family, metric);
    }
    return out;
}

} // namespace wxlogind::metrics

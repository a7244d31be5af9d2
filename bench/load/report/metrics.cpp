#include "bench/load/report/metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace wxlogind::load {

namespace {

double seconds_of(nanoseconds time) noexcept {
    return std::chrono::duration<double>(time).count();
}

double per_request(const load_result& of, double whole) {
    const tally all = of.total.whole();
    return whole / static_cast<double>(std::max<std::uint64_t>(all.succeeded + all.failed, 1));
}

std::optional<double> per_request(const load_result& of, std::optional<std::uint64_t> whole) {
    if (!whole) return std::nullopt;
    return per_request(of, static_cast<double>(*whole));
}

std::optional<double> value_of_latency(const tally& all, std::string_view name) {
    if (all.latency.count() == 0) return std::nullopt;
    if (name == "mean") return seconds_of(all.latency.mean());
    if (name == "max") return seconds_of(all.latency.max());
    return seconds_of(all.latency.quantile(*share_of_percentile(name)));
}

struct named_unit {
    std::string_view name;
    metric_unit unit;
};

constexpr std::array units{
    named_unit{"mean", metric_unit::seconds},      named_unit{"max", metric_unit::seconds},
    named_unit{"rate", metric_unit::number},       named_unit{"errors", metric_unit::share},
    named_unit{"unstarted", metric_unit::number},  named_unit{"lag", metric_unit::seconds},
    named_unit{"cpu", metric_unit::seconds},       named_unit{"rss", metric_unit::bytes},
    named_unit{"switches", metric_unit::number},   named_unit{"syscalls", metric_unit::number},
    named_unit{"allocations", metric_unit::number}};

} // namespace

std::optional<double> share_of_percentile(std::string_view name) noexcept {
    if (!name.starts_with('p')) return std::nullopt;
    double percent = 0;
    const char* const end = name.data() + name.size();
    const auto [stopped, error] = std::from_chars(name.data() + 1, end, percent);
    if (error != std::errc{} || stopped != end || percent <= 0 || percent > 100) return std::nullopt;
    return percent / 100;
}

std::optional<metric_unit> unit_of_metric(std::string_view name) noexcept {
    if (share_of_percentile(name)) return metric_unit::seconds;
    const auto known = std::ranges::find(units, name, &named_unit::name);
    if (known == units.end()) return std::nullopt;
    return known->unit;
}

std::optional<double> value_of_metric(const load_result& of, std::string_view name) {
    const tally all = of.total.whole();
    if (share_of_percentile(name) || name == "mean" || name == "max") return value_of_latency(all, name);
    if (name == "rate") return of.rate();
    if (name == "errors") return per_request(of, static_cast<double>(all.failed));
    if (name == "unstarted") return static_cast<double>(of.total.unstarted);
    if (name == "lag") return seconds_of(of.total.lag.quantile(0.99));
    if (!of.server) return std::nullopt;
    if (name == "cpu") return per_request(of, seconds_of(of.server->cpu));
    if (name == "rss") return static_cast<double>(of.server->resident_bytes);
    if (name == "switches") return per_request(of, static_cast<double>(of.server->voluntary_switches));
    if (name == "syscalls") return per_request(of, of.server->syscalls);
    if (name == "allocations") return per_request(of, of.server->allocations);
    return std::nullopt;
}

} // namespace wxlogind::load

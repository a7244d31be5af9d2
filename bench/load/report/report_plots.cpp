#include "bench/load/report/report_plots.hpp"

#include "bench/load/report/plot.hpp"
#include "bench/load/report/texts.hpp"

#include <algorithm>
#include <cmath>

namespace wxlogind::load {

namespace {

double seconds_of(nanoseconds time) noexcept {
    return std::chrono::duration<double>(time).count();
}

std::string time_label(double seconds) {
    return time_text(seconds);
}

// Where intervals lie in time.
struct interval_times {
    explicit interval_times(const report& of) {
        const auto& points = of.result.points;
        warm_up = static_cast<double>(std::ranges::count_if(points, &timeline_point::is_warm_up));
        length = of.interval_seconds;
    }
    // The middle of an interval.
    [[nodiscard]] double at(const timeline_point& point) const {
        return (static_cast<double>(point.number) + 0.5) * length;
    }
    [[nodiscard]] double warm_up_end() const { return warm_up * length; }

    double warm_up{0};
    double length{1};
};

axis time_axis(const report& of, const interval_times& times) {
    const double end = static_cast<double>(of.result.points.size()) * times.length;
    axis made = linear_axis("time, s", end, [](double at) { return count_text(at); });
    std::erase_if(made.ticks, [end](const tick& each) { return each.at > end; });
    made.high = end;
    return made;
}

void shade_warm_up(plot& on, const interval_times& times) {
    on.add_shade("warm-up, not counted", 0, times.warm_up_end());
}

// Of the measured intervals.
std::vector<double> measured_values(const report& of, double (*value)(const timeline_point&)) {
    std::vector<double> values;
    for (const timeline_point& each : of.result.points)
        if (!each.is_warm_up) values.push_back(value(each));
    return values;
}

double nth_of(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(std::llround(share * static_cast<double>(values.size() - 1)))];
}

// 0.9 -> 1, 0.99 -> 2: every nine takes the same room.
double nines(double share) {
    return -std::log10(1 - share);
}

} // namespace

std::string plot_throughput(const report& of) {
    const auto& points = of.result.points;
    if (points.size() < 2) return {};
    const interval_times times{of};
    double highest = of.result.rate();
    for (const timeline_point& each : points) highest = std::max(highest, each.rate);
    plot made{
        "answers a second over time", time_axis(of, times),
        linear_axis("answers a second", highest, [](double at) { return count_text(at); })};
    shade_warm_up(made, times);

    std::vector<plot_point> rates;
    std::vector<plot_point> failures;
    bool has_failures = false;
    for (const timeline_point& each : points) {
        rates.emplace_back(times.at(each), each.rate);
        failures.emplace_back(times.at(each), static_cast<double>(each.failed) / times.length);
        has_failures |= each.failed != 0;
    }
    const auto measured = measured_values(of, [](const timeline_point& each) { return each.rate; });
    if (measured.size() >= 3) {
        const double mean = of.result.rate();
        const double deviation =
            rate_error(of.result) * mean * std::sqrt(static_cast<double>(measured.size()));
        const std::vector x{times.warm_up_end(), static_cast<double>(points.size()) * times.length};
        made.add_band(
            1, "mean and standard deviation", x, std::vector(2, std::max(mean - deviation, 0.0)),
            std::vector(2, mean + deviation));
        made.add_level(1, "", mean);
    }
    made.add_line(1, "succeeded", rates);
    if (has_failures) made.add_line(4, "failed", failures);
    return made.svg();
}

std::string plot_percentiles(const report& of) {
    const tally whole = of.result.total.whole();
    const auto count = static_cast<double>(whole.latency.count());
    if (count < 10) return {};
    std::vector<plot_point> curve;
    std::vector<double> x;
    std::vector<double> low;
    std::vector<double> high;
    for (std::size_t at = 0; at < curve_shares.size(); ++at) {
        const double share = curve_shares[at];
        if ((1 - share) * count < 1) break; // nobody is beyond it
        curve.emplace_back(nines(share), std::max(seconds_of(whole.latency.quantile(share)), 1e-9));
        std::vector<double> values;
        for (const timeline_point& each : of.result.points)
            if (!each.is_warm_up && static_cast<double>(each.succeeded) * (1 - share) >= 1)
                values.push_back(std::max(seconds_of(each.curve[at]), 1e-9));
        if (values.size() < 3) continue;
        x.push_back(nines(share));
        low.push_back(nth_of(values, 0.1));
        high.push_back(nth_of(values, 0.9));
    }
    double lowest = curve.front().second;
    double highest = std::max(curve.back().second, seconds_of(whole.latency.max()));
    if (!low.empty()) {
        lowest = std::min(lowest, std::ranges::min(low));
        highest = std::max(highest, std::ranges::max(high));
    }
    axis shares{"percentile", 0, std::max(curve.back().first, 1.0), false, {}};
    for (const auto& [share, label] : std::initializer_list<std::pair<double, const char*>>{
             {0, "0"},
             {0.5, "50"},
             {0.9, "90"},
             {0.99, "99"},
             {0.999, "99.9"},
             {0.9999, "99.99"},
             {0.99999, "99.999"}})
        if (nines(share) <= shares.high + 1e-9) shares.ticks.push_back({nines(share), label});
    plot made{"latency by percentile", shares, logarithmic_axis("latency", lowest, highest, time_label)};
    made.add_band(1, "eight of ten intervals lie in between", x, low, high);
    made.add_line(1, "all", curve);
    if (of.result.operations.size() > 1)
        for (std::size_t operation = 0; operation < of.result.operations.size() && operation < 3;
             ++operation) {
            std::vector<plot_point> own;
            const histogram& took = of.result.total.operations[operation].latency;
            for (const double share : curve_shares)
                if ((1 - share) * static_cast<double>(took.count()) >= 1)
                    own.emplace_back(nines(share), std::max(seconds_of(took.quantile(share)), 1e-9));
            made.add_line(static_cast<int>(operation) + 2, of.result.operations[operation], own);
        }
    return made.svg();
}

std::string plot_latency_over_time(const report& of) {
    const interval_times times{of};
    std::vector<double> x;
    std::vector<double> p50;
    std::vector<double> p99;
    std::vector<plot_point> middle;
    std::vector<plot_point> late;
    std::vector<plot_point> latest;
    for (const timeline_point& each : of.result.points) {
        if (each.max.count() == 0) continue;
        x.push_back(times.at(each));
        p50.push_back(seconds_of(each.p50));
        p99.push_back(seconds_of(each.p99));
        middle.emplace_back(x.back(), p50.back());
        late.emplace_back(x.back(), p99.back());
        latest.emplace_back(x.back(), seconds_of(each.max));
    }
    if (x.size() < 2) return {};
    const double highest = std::ranges::max(latest, {}, &plot_point::second).second;
    plot made{
        "latency over time", time_axis(of, times),
        logarithmic_axis("latency", std::max(std::ranges::min(p50), 1e-9), highest, time_label)};
    shade_warm_up(made, times);
    made.add_band(1, "half to 99 of a hundred", x, p50, p99);
    made.add_line(1, "p50", middle);
    made.add_line(2, "p99", late);
    made.add_line(3, "max", latest);
    return made.svg();
}

std::string plot_server(const report& of) {
    const interval_times times{of};
    std::vector<plot_point> costs;
    double highest = 0;
    for (std::size_t at = 0; at < of.result.points.size() && at < of.result.server_points.size(); ++at) {
        const timeline_point& point = of.result.points[at];
        const auto& spent = of.result.server_points[at];
        const std::uint64_t requests = point.succeeded + point.failed;
        if (!spent || requests == 0) continue;
        costs.emplace_back(times.at(point), seconds_of(spent->cpu) / static_cast<double>(requests));
        highest = std::max(highest, costs.back().second);
    }
    if (costs.size() < 2) return {};
    plot made{
        "CPU time of the server per request", time_axis(of, times),
        linear_axis("CPU per request", highest, time_label)};
    shade_warm_up(made, times);
    made.add_line(2, "the server's CPU time per request", costs);
    if (const auto mean = value_of_metric(of.result, "cpu")) made.add_level(2, "mean", *mean);
    return made.svg();
}

std::string plot_search(const report& of) {
    if (of.steps.empty()) return {};
    const condition& bound = *of.wanted->ramp;
    const auto unit = unit_of_metric(bound.metric).value_or(metric_unit::number);
    double lowest = bound.limit;
    double highest = bound.limit;
    double fastest = 0;
    for (const rate_step& each : of.steps) {
        if (each.value > 0) lowest = std::min(lowest, each.value);
        highest = std::max(highest, each.value);
        fastest = std::max(fastest, each.rate);
    }
    if (lowest <= 0) return {};
    const auto label = [unit](double value) { return value_text(unit, value); };
    plot made{
        "the search for the highest rate",
        linear_axis("requests a second", fastest, [](double at) { return count_text(at); }),
        logarithmic_axis(bound.metric, lowest, highest, label)};
    made.add_level(3, bound.text, bound.limit);
    for (const rate_step& each : of.steps)
        made.add_mark(
            each.is_good ? 1 : 4, {each.rate, std::max(each.value, lowest)},
            count_text(each.rate) + "/s: " + label(each.value) + (each.is_good ? ", good" : ", too much"));
    return made.svg();
}

} // namespace wxlogind::load

#include "bench/load/plan_of_run.hpp"

#include "bench/load/report/texts.hpp"

#include <algorithm>

namespace wxlogind::load {

namespace {

constexpr milliseconds shortest_interval{50};
constexpr unsigned fewest_intervals = 20;

} // namespace

void set_times(load_plan& plan, milliseconds warm_up, milliseconds duration) noexcept {
    const auto interval =
        std::clamp<milliseconds>(duration / fewest_intervals, shortest_interval, std::chrono::seconds{1});
    plan.interval = interval;
    plan.measured_intervals = std::max(static_cast<unsigned>(duration / interval), 1u);
    plan.warm_up_intervals = static_cast<unsigned>((warm_up + interval - milliseconds{1}) / interval);
}

load_plan plan_of(const options& wanted) {
    load_plan plan;
    plan.open_to_all = std::make_shared<endpoint>(wanted.target);
    plan.internal = std::make_shared<endpoint>(wanted.internal);
    plan.rate = wanted.rate;
    plan.connections = wanted.connections.value_or(wanted.rate || wanted.ramp ? 1024 : 64);
    plan.pattern = wanted.pattern;
    plan.more = wanted.more;
    plan.turns_away = wanted.turns_away;
    plan.reconnects = wanted.reconnects;
    plan.idle_connections = wanted.idle_connections;
    plan.idle_path = wanted.idle_path;
    plan.timeout = wanted.timeout;
    plan.threads = wanted.threads;
    plan.cpus = wanted.cpus;
    plan.seed = wanted.seed.value_or(1);
    set_times(plan, wanted.warm_up, wanted.duration);
    return plan;
}

std::string describe(const load_plan& plan, const options& wanted) {
    std::string text = wanted.scenario + ", " + wanted.target + ", ";
    if (plan.rate)
        text += "open loop, " + count_text(*plan.rate) + " a second (" +
                (plan.pattern == arrival_pattern::poisson ? "Poisson" : "constant") + "), at most ";
    else
        text += "closed loop, ";
    text += std::to_string(plan.connections) + " connections, " + std::to_string(plan.threads) +
            (plan.threads == 1 ? " thread" : " threads");
    if (plan.reconnects) text += ", a new connection for each request";
    if (plan.idle_connections != 0)
        text += ", " + std::to_string(plan.idle_connections) + " idle connections";
    if (plan.measured_intervals != 0)
        text += "; " + time_text(plan.interval * plan.measured_intervals) + " after " +
                time_text(plan.interval * plan.warm_up_intervals) + " of warm-up";
    return text;
}

} // namespace wxlogind::load

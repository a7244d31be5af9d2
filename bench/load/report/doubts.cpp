#include "bench/load/report/report.hpp"
#include "bench/load/report/texts.hpp"

#include <algorithm>
#include <cmath>

namespace wxlogind::load {

namespace {

constexpr double busy_share = 0.9;
constexpr double crowded_share = 0.25;
constexpr std::chrono::milliseconds tolerable_lag{5};

} // namespace

std::vector<std::string> find_doubts(const load_plan& plan, const load_result& result) {
    std::vector<std::string> doubts;
    for (std::size_t thread = 0; thread < result.threads.size() && result.seconds > 0; ++thread) {
        const auto share = [&](nanoseconds time) {
            return std::chrono::duration<double>(time).count() / result.seconds;
        };
        const double running = share(result.threads[thread].running);
        const double waiting = share(result.threads[thread].waiting);
        if (running >= busy_share)
            doubts.push_back(
                "the harness was the bottleneck: its thread " + std::to_string(thread) + " ran " +
                share_text(running) + " of the time. Give it more --threads, on CPUs of their own (--cpus)");
        else if (running + waiting >= busy_share)
            doubts.push_back(
                "the harness was the bottleneck: its thread " + std::to_string(thread) + " ran " +
                share_text(running) + " of the time and waited for a CPU for " + share_text(waiting) +
                ". Give it a CPU of its own (--cpus)");
    }
    const tally whole = result.total.whole();
    if (plan.rate && result.total.unstarted > 0)
        doubts.push_back(
            count_text(static_cast<double>(result.total.unstarted)) +
            " requests were meant to start and never did, because all " + std::to_string(plan.connections) +
            " connections were busy: the server cannot hold this rate, or --connections is too small");
    const nanoseconds lag = result.total.lag.quantile(0.99);
    if (plan.rate && result.total.unstarted == 0 && lag > tolerable_lag)
        doubts.push_back(
            "one request in a hundred started " + time_text(lag) +
            " late or more, for want of a free connection or of CPU time: that is in the latencies");
    if (result.server &&
        std::chrono::duration<double>(result.server->waiting).count() > crowded_share * result.seconds)
        doubts.push_back(
            "the server was ready to run and waited for a CPU for " +
            share_text(std::chrono::duration<double>(result.server->waiting).count() / result.seconds) +
            " of the time: others had it, so this is less than it can do");
    if (result.parked < plan.idle_connections && !result.is_interrupted)
        doubts.push_back(
            "of " + std::to_string(plan.idle_connections) + " idle connections only " +
            std::to_string(result.parked) + " were open at the end: see the server's max_connections");
    if (whole.failed > whole.succeeded) doubts.emplace_back("more requests failed than succeeded");
    if (plan.measured_intervals != 0 && result.is_interrupted)
        doubts.push_back("interrupted after " + time_text(result.seconds) + " of measuring");
    return doubts;
}

double others_share(const load_result& result) noexcept {
    if (!result.machine || result.machine->whole.count() == 0) return 0;
    nanoseconds others = result.machine->busy - result.machine->own;
    if (result.server) others -= result.server->cpu;
    return std::max(
        static_cast<double>(others.count()) / static_cast<double>(result.machine->whole.count()), 0.0);
}

double rate_error(const load_result& result) {
    double count = 0;
    double sum = 0;
    double squares = 0;
    for (const timeline_point& each : result.points) {
        if (each.is_warm_up) continue;
        ++count;
        sum += each.rate;
        squares += each.rate * each.rate;
    }
    if (count < 3 || sum == 0) return 0;
    const double mean = sum / count;
    const double variance = std::max((squares - count * mean * mean) / (count - 1), 0.0);
    return std::sqrt(variance / count) / mean;
}

} // namespace wxlogind::load

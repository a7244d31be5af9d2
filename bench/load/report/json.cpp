// All figures, for programs. Times in seconds, sizes in bytes.
#include "bench/load/report/metrics.hpp"
#include "bench/load/report/report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace wxlogind::load {

namespace {

namespace json = boost::json;

double seconds_of(nanoseconds time) noexcept {
    return std::chrono::duration<double>(time).count();
}

json::object latency_of(const histogram& took) {
    json::object all;
    if (took.count() == 0) return all;
    all["count"] = took.count();
    all["min"] = seconds_of(took.min());
    all["mean"] = seconds_of(took.mean());
    constexpr std::array<std::pair<const char*, double>, 7> named{
        {{"p50", 0.5},
         {"p75", 0.75},
         {"p90", 0.9},
         {"p99", 0.99},
         {"p99.9", 0.999},
         {"p99.99", 0.9999},
         {"max", 1}}};
    for (const auto& [name, share] : named) all[name] = seconds_of(took.quantile(share));
    return all;
}

json::array failures_of(const tally& of) {
    json::array all;
    for (const failure_count& each : of.failures)
        all.push_back(
            json::object{{"status", each.kind.status}, {"code", each.kind.what}, {"count", each.count}});
    return all;
}

json::object tally_of(const tally& of, double seconds) {
    return {{"succeeded", of.succeeded},
            {"failed", of.failed},
            {"new_users", of.new_users},
            {"rate", seconds > 0 ? static_cast<double>(of.succeeded) / seconds : 0},
            {"latency", latency_of(of.latency)},
            {"refusal_latency", latency_of(of.refusal)},
            {"failures", failures_of(of)}};
}

json::value server_of(const load_result& of) {
    if (!of.server) return nullptr;
    json::object server{
        {"cpu_s", seconds_of(of.server->cpu)},
        {"kernel_share", of.server->kernel_share()},
        {"waiting_s", seconds_of(of.server->waiting)},
        {"voluntary_switches", of.server->voluntary_switches},
        {"involuntary_switches", of.server->involuntary_switches},
        {"written_bytes", of.server->written_bytes},
        {"resident_bytes", of.server->resident_bytes},
        {"peak_resident_bytes", of.server->peak_resident_bytes}};
    json::object each;
    for (const char* const name : {"cpu", "switches", "syscalls", "allocations"})
        if (const auto value = value_of_metric(of, name)) each[name] = *value;
    server["per_request"] = std::move(each);
    if (of.parked_bytes) server["bytes_per_idle_connection"] = *of.parked_bytes;
    return server;
}

json::array points_of(const load_result& of) {
    json::array all;
    for (const timeline_point& each : of.points)
        all.push_back(json::object{
            {"number", each.number},
            {"warm_up", each.is_warm_up},
            {"rate", each.rate},
            {"failed", each.failed},
            {"p50", seconds_of(each.p50)},
            {"p99", seconds_of(each.p99)},
            {"max", seconds_of(each.max)}});
    return all;
}

} // namespace

std::string render_json(const report& of) {
    const load_result& result = of.result;
    json::object all{
        {"program", "wxlogin-bench " WXLOGIND_VERSION},
        {"started", of.started},
        {"command", of.command},
        {"machine", of.machine},
        {"scenario", of.wanted->scenario},
        {"load", of.load},
        {"seed", of.seed},
        {"seconds", result.seconds},
        {"interrupted", result.is_interrupted},
        {"histogram_error", histogram::error}};
    all["all"] = tally_of(result.total.whole(), result.seconds);
    json::object operations;
    for (std::size_t at = 0; at < result.operations.size() && at < result.total.operations.size(); ++at)
        operations[result.operations[at]] = tally_of(result.total.operations[at], result.seconds);
    all["operations"] = std::move(operations);
    all["rate_error"] = rate_error(result);
    all["unstarted"] = result.total.unstarted;
    all["start_lag"] = latency_of(result.total.lag);
    all["connections_opened"] = result.total.opened;
    all["idle_connections"] = result.parked;
    all["server"] = server_of(result);
    all["cpu_share_of_others"] = others_share(result);
    json::array threads;
    for (const thread_time& each : result.threads)
        threads.push_back(
            json::object{{"running_s", seconds_of(each.running)}, {"waiting_s", seconds_of(each.waiting)}});
    all["harness_threads"] = std::move(threads);
    json::array steps;
    for (const rate_step& each : of.steps)
        steps.push_back(json::object{
            {"rate", each.rate}, {"achieved", each.achieved}, {"value", each.value}, {"good", each.is_good}});
    all["ramp"] = std::move(steps);
    all["intervals"] = points_of(result);
    all["warnings"] = json::array(of.warnings.begin(), of.warnings.end());
    all["failed_conditions"] = json::array(of.failed_conditions.begin(), of.failed_conditions.end());
    return json::serialize(all) + "\n";
}

} // namespace wxlogind::load

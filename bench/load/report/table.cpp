// The table on the terminal.
#include "bench/load/report/metrics.hpp"
#include "bench/load/report/report.hpp"
#include "bench/load/report/texts.hpp"

#include <algorithm>

namespace wxlogind::load {

namespace {

using row = std::vector<std::string>;

// The first column to the left, the others to the right.
std::string aligned(const std::vector<row>& rows) {
    std::vector<std::size_t> widths;
    for (const row& each : rows) {
        widths.resize(std::max(widths.size(), each.size()));
        for (std::size_t at = 0; at < each.size(); ++at) widths[at] = std::max(widths[at], each[at].size());
    }
    std::string text;
    for (const row& each : rows) {
        for (std::size_t at = 0; at < each.size(); ++at) {
            const std::string gap(widths[at] - each[at].size(), ' ');
            text += at == 0 ? each[at] + gap : "  " + gap + each[at];
        }
        text += '\n';
    }
    return text;
}

row row_of(const std::string& name, const tally& of, double seconds) {
    const histogram& took = of.latency;
    const auto quantile = [&took](double share) {
        return took.count() == 0 ? std::string{"-"} : time_text(took.quantile(share));
    };
    const double rate = seconds > 0 ? static_cast<double>(of.succeeded) / seconds : 0;
    return {
        name,
        count_text(static_cast<double>(of.succeeded)),
        count_text(static_cast<double>(of.failed)),
        count_text(rate),
        quantile(0.5),
        quantile(0.9),
        quantile(0.99),
        quantile(0.999),
        quantile(1)};
}

std::string failure_lines(const tally& whole) {
    std::string text;
    auto kinds = whole.failures;
    std::ranges::sort(kinds, std::greater{}, &failure_count::count);
    for (const failure_count& each : kinds) {
        const std::string status = each.kind.status == 0 ? "" : std::to_string(each.kind.status) + " ";
        text += "  failed: " + status + each.kind.what + " x " + count_text(static_cast<double>(each.count)) +
                "\n";
    }
    return text;
}

double share_of_time(const load_result& of, nanoseconds time) {
    return of.seconds > 0 ? std::chrono::duration<double>(time).count() / of.seconds : 0;
}

std::string server_lines(const report& of) {
    if (!of.result.server) return {};
    const auto metric = [&of](std::string_view name) { return value_of_metric(of.result, name); };
    const double cpu = metric("cpu").value_or(0);
    const double kernel = cpu * of.result.server->kernel_share();
    std::string text = "server: per request " + time_text(cpu) + " of CPU (user " + time_text(cpu - kernel) +
                       ", kernel " + time_text(kernel) + "), " + count_text(metric("switches").value_or(0)) +
                       " voluntary switches";
    if (const auto calls = metric("syscalls")) text += ", " + count_text(*calls) + " system calls";
    if (const auto allocations = metric("allocations"))
        text += ", " + count_text(*allocations) + " allocations";
    text += "\n        " + share_text(share_of_time(of.result, of.result.server->cpu)) + " of a core; " +
            bytes_text(static_cast<double>(of.result.server->resident_bytes)) + " resident (at most " +
            bytes_text(static_cast<double>(of.result.server->peak_resident_bytes)) + "); " +
            bytes_text(static_cast<double>(of.result.server->written_bytes)) + " written to disk; " +
            share_text(share_of_time(of.result, of.result.server->waiting)) + " waiting for a CPU\n";
    if (of.result.parked_bytes)
        text += "        " + bytes_text(static_cast<double>(*of.result.parked_bytes)) + " for each of " +
                count_text(static_cast<double>(of.result.parked)) + " idle connections\n";
    return text;
}

std::string harness_line(const report& of) {
    nanoseconds running{0};
    for (const thread_time& each : of.result.threads) running = std::max(running, each.running);
    std::string text = "harness: " + share_text(share_of_time(of.result, running)) + " of a core" +
                       (of.result.threads.size() > 1 ? ", the busiest thread" : "") + "; " +
                       count_text(static_cast<double>(of.result.total.opened)) +
                       " connections opened meanwhile";
    if (of.result.total.lag.count() != 0)
        text += "; requests started late by " + time_text(of.result.total.lag.quantile(0.5)) + " (p50), " +
                time_text(of.result.total.lag.quantile(0.99)) + " (p99)";
    return text + "\n";
}

std::string machine_line(const report& of) {
    if (!of.result.machine) return {};
    const double others = others_share(of.result);
    std::string text = "machine: " + of.machine + "; " + share_text(others) + " of its CPU time to others";
    if (of.result.machine->stolen.count() != 0) {
        const auto& spent = *of.result.machine;
        text +=
            ", " +
            share_text(static_cast<double>(spent.stolen.count()) / static_cast<double>(spent.whole.count())) +
            " stolen from it";
    }
    return text + "\n";
}

} // namespace

std::string render_table(const report& of) {
    const load_result& result = of.result;
    const tally whole = result.total.whole();
    std::string text = of.load + "\n\n";

    std::vector<row> rows{{"", "answered", "failed", "per s", "p50", "p90", "p99", "p99.9", "max"}};
    for (std::size_t at = 0; at < result.operations.size() && at < result.total.operations.size(); ++at)
        rows.push_back(row_of(result.operations[at], result.total.operations[at], result.seconds));
    if (result.operations.size() > 1) rows.push_back(row_of("all", whole, result.seconds));
    text += aligned(rows);
    text += failure_lines(whole);
    text += "\n";
    if (!of.steps.empty()) {
        std::vector<row> steps{{"rate", "achieved", of.wanted->ramp->metric, ""}};
        const auto unit = unit_of_metric(of.wanted->ramp->metric).value_or(metric_unit::number);
        for (const rate_step& each : of.steps)
            steps.push_back(
                {count_text(each.rate), count_text(each.achieved), value_text(unit, each.value),
                 each.is_good ? "good" : "too much"});
        text += aligned(steps) + "\n";
    }
    const double error = rate_error(result);
    if (error > 0) text += "rate: +- " + share_text(1.96 * error) + " (95 %, from its intervals)\n";
    if (whole.new_users != 0)
        text += "users: " + count_text(static_cast<double>(whole.new_users)) + " were new\n";
    text += server_lines(of);
    text += harness_line(of);
    text += machine_line(of);
    for (const std::string& each : of.warnings) text += "WARNING: " + each + "\n";
    for (const std::string& each : of.failed_conditions) text += "FAILED: " + each + "\n";
    return text;
}

} // namespace wxlogind::load

// The report as one file: no script, no network.
#include "bench/load/report/page_style.hpp"
#include "bench/load/report/plot.hpp"
#include "bench/load/report/report.hpp"
#include "bench/load/report/report_plots.hpp"
#include "bench/load/report/texts.hpp"

#include <array>

namespace wxlogind::load {

namespace {

std::string tile(const std::string& value, const std::string& meaning) {
    return "<div class=\"tile\"><b>" + escaped(value) + "</b><span>" + escaped(meaning) + "</span></div>";
}

std::string tiles(const report& of) {
    std::string text = "<div class=\"tiles\">";
    const double error = rate_error(of.result);
    text += tile(
        count_text(of.result.rate()),
        "answers a second" + (error > 0 ? ", ± " + share_text(1.96 * error) : std::string{}));
    constexpr std::array<std::pair<const char*, const char*>, 7> named{{
        {"p50", "half are faster"},
        {"p99", "99 of 100 are faster"},
        {"p99.9", "999 of 1,000 are faster"},
        {"errors", "of the requests failed"},
        {"cpu", "of the server's CPU per request"},
        {"syscalls", "system calls per request"},
        {"allocations", "allocations per request"},
    }};
    for (const auto& [name, meaning] : named)
        if (const auto value = value_of_metric(of.result, name))
            text += tile(value_text(*unit_of_metric(name), *value), meaning);
    if (of.result.server)
        text +=
            tile(bytes_text(static_cast<double>(of.result.server->resident_bytes)), "of the server's memory");
    return text + "</div>";
}

std::string cells(const char* kind, const std::vector<std::string>& values) {
    std::string text = "<tr>";
    for (const std::string& each : values)
        text += std::string{"<"} + kind + ">" + escaped(each) + "</" + kind + ">";
    return text + "</tr>";
}

std::string operations_table(const report& of) {
    std::string text = "<div class=\"scroll\"><table>";
    text += cells("th", {"", "answered", "failed", "a second", "p50", "p90", "p99", "p99.9", "max", "mean"});
    for (std::size_t at = 0; at < of.result.operations.size() && at < of.result.total.operations.size();
         ++at) {
        const tally& each = of.result.total.operations[at];
        std::vector<std::string> row{
            of.result.operations[at], count_text(static_cast<double>(each.succeeded)),
            count_text(static_cast<double>(each.failed)),
            count_text(of.result.seconds > 0 ? static_cast<double>(each.succeeded) / of.result.seconds : 0)};
        for (const double share : {0.5, 0.9, 0.99, 0.999, 1.0})
            row.push_back(each.latency.count() == 0 ? "–" : time_text(each.latency.quantile(share)));
        row.push_back(time_text(each.latency.mean()));
        text += cells("td", row);
    }
    return text + "</table></div>";
}

std::string failures_table(const report& of) {
    const tally whole = of.result.total.whole();
    if (whole.failures.empty()) return {};
    std::string text = "<h2>Failures</h2><div class=\"scroll\"><table>";
    text += cells("th", {"what", "status", "how often"});
    for (const failure_count& each : whole.failures)
        text += cells(
            "td", {each.kind.what, each.kind.status == 0 ? "–" : std::to_string(each.kind.status),
                   count_text(static_cast<double>(each.count))});
    return text + "</table></div>";
}

std::string section(const std::string& title, const std::string& note, const std::string& plotted) {
    if (plotted.empty()) return {};
    return "<h2>" + escaped(title) + "</h2><p class=\"quiet\">" + escaped(note) + "</p>" + plotted;
}

} // namespace

std::string render_html(const report& of) {
    const std::string title = "wxlogin-bench: " + of.wanted->scenario;
    std::string text =
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>" +
        escaped(title) + "</title><style>";
    text += page_style();
    text += "</style></head><body><h1>" + escaped(title) + "</h1><p>" + escaped(of.load) + "</p>";
    for (const std::string& each : of.failed_conditions)
        text += "<p class=\"warning\"><b>Failed:</b> " + escaped(each) + "</p>";
    for (const std::string& each : of.warnings) text += "<p class=\"warning\">" + escaped(each) + "</p>";
    text += tiles(of) + operations_table(of) + failures_table(of);
    text += section(
        "The highest rate", "Each mark is a run of a few seconds; red ones were too much.", plot_search(of));
    text += section(
        "Throughput over time", "Answers that were as expected, in each interval.", plot_throughput(of));
    text += section(
        "Latency by percentile",
        "From the intended start of a request, so that a stall counts for all who would have come meanwhile. "
        "Both axes are logarithmic; the band is the spread over the intervals.",
        plot_percentiles(of));
    text += section("Latency over time", "By interval, on a logarithmic axis.", plot_latency_over_time(of));
    text += section(
        "What the server spent",
        "CPU time of its processes, by interval, for each request that was answered.", plot_server(of));
    text += "<h2>How it was measured</h2><p class=\"quiet\">" + escaped(of.started) + " · " +
            escaped(of.machine) + " · wxlogin-bench " WXLOGIND_VERSION " · seed " + std::to_string(of.seed) +
            "</p><p><code>" + escaped(of.command) + "</code></p>";
    text += "<p class=\"quiet\">Percentiles are at most 0.4 % too high, and never too low.</p>";
    return text + "</body></html>\n";
}

} // namespace wxlogind::load

// The scrape of a server to which everything has happened: what Prometheus and its tools think of it, and
// whether what asks for figures asks for such as there are.
#include "tests/monitoring/mixed_load.hpp"
#include "tests/monitoring/selectors.hpp"
#include "tests/support/file_content.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <regex>
#include <sstream>

using namespace wxlogind::test;

namespace {

// Of each metric of a scrape, all label names that any of its samples has.
std::map<std::string, std::set<std::string>> labels_by_metric(const std::string& scrape) {
    static const std::regex label{R"(([a-z_]+)=")"};
    std::map<std::string, std::set<std::string>> all;
    std::istringstream lines{scrape};
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') continue;
        auto& of = all[line.substr(0, line.find_first_of("{ "))];
        const std::string inside = line.substr(0, line.rfind('}'));
        for (std::sregex_iterator at{inside.begin(), inside.end(), label}, end; at != end; ++at)
            of.insert(at->str(1));
        of.insert({"job", "instance"}); // Prometheus adds them
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exposition)

BOOST_AUTO_TEST_CASE(promtool_finds_nothing_to_complain_of_in_it) {
    mixed_load load;
    load.happen();
    load.happen();
    const temporary_directory files;
    std::ofstream{files.file("scrape")} << load.scrape();
    const std::string command = "promtool check metrics < '" + files.file("scrape") + "'";
    child_process promtool{{"/bin/sh", "-c", command}, files.file("out")};
    BOOST_TEST(promtool.wait() == 0);
    BOOST_TEST(promtool.output() == "");
}

BOOST_AUTO_TEST_CASE(what_alerts_and_dashboard_ask_for_is_there_with_its_labels) {
    mixed_load load;
    load.happen();
    load.happen();
    auto known = labels_by_metric(load.scrape());
    known.merge(labels_by_metric(tls_neighbour{}.scrape()));
    for (const std::string file : {"etc/prometheus/wxlogind.rules.yml", "etc/grafana/wxlogind.json"}) {
        // JSON escapes the quotation marks of matchers.
        const std::string text =
            std::regex_replace(content_of(source_path(file)), std::regex{R"(\\")"}, "\"");
        const auto asked = selectors_in(text);
        BOOST_TEST(asked.size() > 30u);
        std::set<std::string> labels{"le", "job", "instance", "alertname"};
        for (const selector& each : asked) {
            const bool is_prefix = each.metric.ends_with('_'); // "wechat_*" in a text
            const auto histogram = known.find(each.metric + "_count");
            const auto found = known.find(each.metric);
            BOOST_TEST(
                (is_prefix || found != known.end() || histogram != known.end()),
                file << ": there is no " << each.metric);
            if (found == known.end()) continue;
            labels.insert(found->second.begin(), found->second.end());
            for (const std::string& label : each.labels)
                BOOST_TEST(
                    found->second.contains(label), file << ": " << each.metric << " has no label " << label);
        }
        for (const auto& used : {grouping_labels_in(text), template_labels_in(text)})
            for (const std::string& label : used)
                BOOST_TEST(labels.contains(label), file << ": nothing has a label " << label);
    }
}

BOOST_AUTO_TEST_CASE(selectors_are_found_in_expressions) {
    const auto found = selectors_in(
        R"(sum by (le, stage) (rate(wxlogind_x_bucket{instance=~"a", b!="c{2"}[5m])) / process_cpu + up)");
    BOOST_TEST_REQUIRE(found.size() == 2u);
    BOOST_TEST(found[0].metric == "wxlogind_x_bucket");
    BOOST_TEST((found[0].labels == std::set<std::string>{"instance", "b"}));
    BOOST_TEST(found[1].metric == "process_cpu");
    BOOST_TEST((grouping_labels_in("sum by (le, stage) (x)") == std::set<std::string>{"le", "stage"}));
    BOOST_TEST(
        (template_labels_in("{{ $labels.appid }} of {{kind}}") == std::set<std::string>{"appid", "kind"}));
}

BOOST_AUTO_TEST_SUITE_END()

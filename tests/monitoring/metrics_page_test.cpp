// docs/metrics.md has a line for every metric that there is, and for no other.
#include "tests/monitoring/mixed_load.hpp"
#include "tests/support/file_content.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace wxlogind::test;

namespace {

struct metric {
    std::string type;
    std::string labels; // "`appid` `path`", sorted
    std::string help;
};
using metrics_by_name = std::map<std::string, metric>;

std::string joined(const std::set<std::string>& labels) {
    std::string text;
    for (const std::string& each : labels) text += (text.empty() ? "`" : " `") + each + "`";
    return text;
}

metrics_by_name metrics_of_scrape(const std::string& scrape) {
    static const std::regex comment{R"(# (HELP|TYPE) (\S+) (.*))"};
    static const std::regex label{R"(([a-z_]+)=")"};
    metrics_by_name all;
    std::map<std::string, std::set<std::string>> labels;
    std::string name;
    std::istringstream lines{scrape};
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (std::regex_match(line, found, comment)) {
            name = found[2];
            (found[1] == "HELP" ? all[name].help : all[name].type) = found[3];
            continue;
        }
        const std::string inside = line.substr(0, line.rfind('}'));
        for (std::sregex_iterator at{inside.begin(), inside.end(), label}, end; at != end; ++at)
            if (at->str(1) != "le") labels[name].insert(at->str(1));
    }
    for (auto& [of, each] : all) each.labels = joined(labels[of]);
    return all;
}

// | `name` | type | labels | meaning |
metrics_by_name metrics_of_page(const std::string& file) {
    static const std::regex line_of_table{R"(\| `([a-z_0-9]+)` \| (\w+) \| (.*?) \| (.*) \|)"};
    metrics_by_name all;
    std::istringstream lines{content_of(source_path(file))};
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (!std::regex_match(line, found, line_of_table)) continue;
        BOOST_TEST(!all.contains(found[1]), file << " has two lines of " << found[1]);
        all[found[1]] = {found[2], found[3], found[4]};
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_page)

BOOST_AUTO_TEST_CASE(both_languages_have_a_line_for_every_metric_and_for_no_other) {
    mixed_load load;
    load.happen();
    load.happen();
    metrics_by_name there = metrics_of_scrape(load.scrape());
    there.merge(metrics_of_scrape(tls_neighbour{}.scrape()));
    BOOST_TEST(there.size() > 60u);
    for (const std::string file : {"docs/metrics.md", "docs/metrics.zh-CN.md"}) {
        const metrics_by_name told = metrics_of_page(file);
        for (const auto& [name, each] : there) {
            const auto found = told.find(name);
            BOOST_TEST(
                (found != told.end()), file << " lacks: | `" << name << "` | " << each.type << " | "
                                            << each.labels << " | " << each.help << " |");
            if (found == told.end()) continue;
            BOOST_TEST(found->second.type == each.type, file << ": " << name);
            BOOST_TEST(found->second.labels == each.labels, file << ": " << name);
            if (file == "docs/metrics.md") BOOST_TEST(found->second.help == each.help, name);
        }
        for (const auto& [name, each] : told)
            BOOST_TEST(there.contains(name), file << " tells of " << name << ", which is not there");
    }
}

BOOST_AUTO_TEST_SUITE_END()

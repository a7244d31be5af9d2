// The dashboard as Grafana's schema wants it (grafana.com/docs/grafana/latest/dashboards/build-dashboards/
// view-dashboard-json-model), and as it can be provisioned.
#include "tests/support/child_process.hpp"
#include "tests/support/file_content.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

json::object read_dashboard() {
    return json::parse(content_of(source_path("etc/grafana/wxlogind.json"))).as_object();
}

struct rectangle {
    std::int64_t x, y, w, h;

    [[nodiscard]] bool overlaps(const rectangle& other) const {
        return x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h;
    }
};

rectangle place_of(const json::value& panel) {
    const auto& place = panel.at("gridPos");
    return {
        place.at("x").as_int64(), place.at("y").as_int64(), place.at("w").as_int64(),
        place.at("h").as_int64()};
}

bool is_chosen_data_source(const json::value& source) {
    return source.at("type") == "prometheus" && source.at("uid") == "${datasource}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(dashboard)

BOOST_AUTO_TEST_CASE(it_can_be_provisioned) {
    const json::object all = read_dashboard();
    BOOST_TEST(all.at("id").is_null()); // one that has an id is refused by another Grafana
    BOOST_TEST(all.at("uid") == "wxlogind");
    BOOST_TEST(all.at("title") == "wxlogind");
    BOOST_TEST(all.at("schemaVersion").as_int64() >= 36);
    BOOST_TEST(!all.contains("__inputs")); // questions that only a person can answer
    std::set<std::string> variables;
    for (const json::value& each : all.at("templating").at("list").as_array()) {
        variables.insert(json::value_to<std::string>(each.at("name")));
        if (each.at("type") == "query") BOOST_TEST(is_chosen_data_source(each.at("datasource")));
    }
    BOOST_TEST((variables == std::set<std::string>{"datasource", "job", "instance", "app"}));
}

BOOST_AUTO_TEST_CASE(panels_have_ids_places_units_and_queries) {
    std::set<std::int64_t> ids;
    std::vector<rectangle> places;
    std::vector<std::string> rows;
    const json::object all = read_dashboard();
    for (const json::value& panel : all.at("panels").as_array()) {
        const auto title = json::value_to<std::string>(panel.at("title"));
        BOOST_TEST_CONTEXT(title) {
            BOOST_TEST(ids.insert(panel.at("id").as_int64()).second);
            const rectangle place = place_of(panel);
            BOOST_TEST((place.x >= 0 && place.w > 0 && place.h > 0 && place.x + place.w <= 24));
            for (const rectangle& other : places) BOOST_TEST(!place.overlaps(other));
            places.push_back(place);
            if (panel.at("type") == "row") {
                rows.push_back(title);
                continue;
            }
            BOOST_TEST(is_chosen_data_source(panel.at("datasource")));
            if (panel.at("type") != "table")
                BOOST_TEST(!panel.at("fieldConfig").at("defaults").at("unit").as_string().empty());
            std::set<std::string> queries;
            for (const json::value& target : panel.at("targets").as_array()) {
                BOOST_TEST(queries.insert(json::value_to<std::string>(target.at("refId"))).second);
                BOOST_TEST(is_chosen_data_source(target.at("datasource")));
                const auto expression = json::value_to<std::string>(target.at("expr"));
                BOOST_TEST(expression.find("instance=~\"$instance\"") != std::string::npos, expression);
            }
            BOOST_TEST(!queries.empty());
        }
    }
    const std::vector<std::string> expected{
        "Logins and errors",
        "Latency",
        "WeChat",
        "Connections to WeChat and circuit breakers",
        "Storage",
        "Sessions and users",
        "Overload and limits",
        "Process"};
    BOOST_TEST(rows == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

// Every expression of the dashboard and of the alerts, evaluated by the real Prometheus over what it has
// scraped of a wxlogind under load.
#include "tests/monitoring/mixed_load.hpp"
#include "tests/monitoring/prometheus_server.hpp"
#include "tests/support/file_content.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <regex>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

std::string with_variables(std::string expression) {
    for (const auto& [variable, value] : std::map<std::string, std::string>{
             {R"(\$__rate_interval)", "1m"}, {R"(\$(instance|app))", ".*"}, {R"(\$job)", "wxlogind"}})
        expression = std::regex_replace(expression, std::regex{variable}, value);
    return expression;
}

// By what they are called in a message.
using expressions = std::map<std::string, std::string>;

expressions of_dashboard() {
    expressions all;
    const auto dashboard = json::parse(content_of(source_path("etc/grafana/wxlogind.json")));
    for (const json::value& panel : dashboard.at("panels").as_array()) {
        if (panel.at("type") == "row") continue;
        for (const json::value& target : panel.at("targets").as_array()) {
            const std::string name = json::value_to<std::string>(panel.at("title")) + ", " +
                                     json::value_to<std::string>(target.at("refId"));
            BOOST_TEST(!all.contains(name), "there are two panels of that title: " << name);
            all[name] = with_variables(json::value_to<std::string>(target.at("expr")));
        }
    }
    return all;
}

// What they compare: "a / b > 0.02" says nothing while all is well, "a / b" does.
expressions of_alerts(const prometheus_server& prometheus) {
    static const std::regex comparison{R"(\s*(==|>|<)\s*[0-9][0-9.e+]*)"};
    expressions all;
    for (const json::value& rule : prometheus.rules())
        all[json::value_to<std::string>(rule.at("name"))] =
            std::regex_replace(json::value_to<std::string>(rule.at("query")), comparison, "");
    return all;
}

const json::object* find_alert(const json::array& rules, std::string_view name) {
    for (const json::value& rule : rules)
        if (rule.at("name").as_string() == name && !rule.at("alerts").as_array().empty())
            return &rule.at("alerts").at(0).as_object();
    return nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(prometheus)

BOOST_AUTO_TEST_CASE(every_expression_of_dashboard_and_alerts_gives_data_under_load) {
    mixed_load load;
    const tls_neighbour neighbour;
    const prometheus_server prometheus{{load.server().internal_address(), neighbour.internal_address()}};
    load.begin();
    expressions open = of_dashboard();
    BOOST_TEST(open.size() > 60u);
    const expressions alerts = of_alerts(prometheus);
    BOOST_TEST(alerts.size() >= 25u);
    open.insert(alerts.begin(), alerts.end());

    const auto has_data = [&](const auto& each) { return !prometheus.query(each.second).empty(); };
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{100};
    while (!open.empty() && std::chrono::steady_clock::now() < limit) {
        load.happen();
        std::erase_if(open, has_data);
    }
    for (const auto& [name, expression] : open) BOOST_TEST(false, name << " gives nothing: " << expression);

    // The alert of an app that WeChat refuses waits for nothing. It is evaluated once a second.
    const json::object* refused = nullptr;
    json::array rules;
    const auto evaluated = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (refused == nullptr && std::chrono::steady_clock::now() < evaluated) {
        rules = prometheus.rules();
        refused = find_alert(rules, "WxlogindWechatRefusesApp");
    }
    BOOST_TEST_REQUIRE(refused != nullptr);
    BOOST_TEST(refused->at("state").as_string() == "firing");
    BOOST_TEST(
        refused->at("annotations").at("summary").as_string() ==
        "WeChat refuses app " + std::string{second_appid} + " with errcode 40125");
    for (const json::value& rule : rules) {
        const auto name = json::value_to<std::string>(rule.at("name"));
        BOOST_TEST(rule.at("health") == "ok", name);
        BOOST_TEST(rule.at("annotations").as_object().contains("summary"), name);
        BOOST_TEST(rule.at("annotations").as_object().contains("runbook"), name);
        BOOST_TEST(rule.at("labels").as_object().contains("severity"), name);
        // tests/monitoring/alerts.test.yml has a case of each.
        const std::string cases = content_of(source_path("tests/monitoring/alerts.test.yml"));
        BOOST_TEST(
            cases.find("alertname=\"" + name + "\", alertstate=\"firing\"}\n") != std::string::npos, name);
    }
}

BOOST_AUTO_TEST_SUITE_END()

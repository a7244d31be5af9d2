// The lines that requests leave in the log have the fields that docs/log.md tells of, and no others.
#include "tests/monitoring/mixed_load.hpp"
#include "tests/support/file_content.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <sstream>

using namespace wxlogind::test;
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(log_schema)

BOOST_AUTO_TEST_CASE(every_line_is_an_event_and_those_of_requests_have_fields_that_are_documented) {
    mixed_load load;
    load.happen();
    load.happen();
    const std::string log = load.end();
    std::map<std::string, std::set<std::string>> fields_of;
    std::istringstream lines{log};
    for (std::string line; std::getline(lines, line);) {
        const json::object event = json::parse(line).as_object();
        BOOST_TEST_CONTEXT(line) {
            BOOST_TEST(event.at("time").as_string().ends_with("Z"));
            BOOST_TEST(event.contains("level"));
            auto& fields = fields_of[text_of(event, "message")];
            for (const auto& [name, value] : event) {
                fields.insert(name);
                const bool is_number = name == "status" || name.ends_with("_us") || name == "errcode";
                if (is_number) BOOST_TEST(value.is_number(), std::string_view{name});
            }
        }
    }
    for (const std::string file : {"docs/log.md", "docs/log.zh-CN.md"}) {
        const std::string page = content_of(source_path(file));
        for (const std::string event : {"request", "refused"}) {
            BOOST_TEST(fields_of.contains(event), event);
            for (const std::string& field : fields_of[event])
                BOOST_TEST(
                    page.find("`" + field + "`") != std::string::npos,
                    file << " does not tell of " << field << ", which " << event << " has");
        }
    }
    // What varies stands in fields: the same things happened twice, and there are no more events for that.
    for (const auto& [event, fields] : fields_of) BOOST_TEST(event.find(".0.0.1") == std::string::npos);
    BOOST_TEST(fields_of.size() < 40u);
}

BOOST_AUTO_TEST_SUITE_END()

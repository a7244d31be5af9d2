#include "core/commands/route_list.hpp"
#include "handlers/routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wxlogind;

BOOST_AUTO_TEST_SUITE(route_list)

BOOST_AUTO_TEST_CASE(every_route_of_both_tables_is_listed_with_its_scope) {
    const auto list = boost::json::parse(list_routes({.as_json = true}).text).as_object();
    BOOST_TEST(list.at("ok").as_bool());
    const auto& routes = list.at("routes").as_array();
    BOOST_TEST(routes.size() == handlers::public_routes().size() + handlers::internal_routes().size());
    const auto wanted = boost::json::parse(
        R"({"listener":"internal","methods":["POST"],"path":"/users/{id}/ban","scope":"users:write"})");
    BOOST_TEST(std::ranges::count(routes, wanted) == 1);
    const auto open =
        boost::json::parse(R"({"listener":"public","methods":["GET","POST"],"path":"/login","scope":""})");
    BOOST_TEST((routes.front() == open));
}

BOOST_AUTO_TEST_CASE(as_text_it_is_one_line_a_route) {
    const std::string text = list_routes({.as_json = false}).text;
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    BOOST_TEST(lines == handlers::public_routes().size() + handlers::internal_routes().size());
    BOOST_TEST(text.starts_with("public    /login                                      GET, POST\n"));
}

BOOST_AUTO_TEST_SUITE_END()

#include "storage/open_store.hpp"
#include "storage/store_url.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::storage;

namespace {

std::string reason_not_to_open(const std::string& url) {
    store_counters counters;
    storage_settings settings;
    settings.url = url;
    try {
        const auto store = open_store(settings, counters);
    } catch (const store_error& e) {
        return e.what();
    }
    return "";
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(open_store)

BOOST_AUTO_TEST_CASE(a_url_is_taken_apart) {
    const auto url = parse_store_url("sqlite:/var/lib/a b/c%20d.db?check=always&vfs=x=y");
    BOOST_TEST_REQUIRE(url.has_value());
    BOOST_TEST(url->scheme == "sqlite");
    BOOST_TEST(url->path == "/var/lib/a b/c%20d.db");
    BOOST_TEST_REQUIRE(url->parameters.size() == 2u);
    BOOST_TEST(url->parameters[0].first == "check");
    BOOST_TEST(url->parameters[0].second == "always");
    BOOST_TEST(url->parameters[1].second == "x=y");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_is_refused) {
    for (const char* text : {"", "/path", ":path", "sqlite:/p?check", "sqlite:/p?=x", "sqlite:/p?a=b&c"})
        BOOST_TEST(!parse_store_url(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_sqlite_url_opens_a_store) {
    const test::temporary_directory directory;
    BOOST_TEST(reason_not_to_open("sqlite:" + directory.file("users.db") + "?check=always") == "");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_opened_says_why) {
    BOOST_TEST(contains(reason_not_to_open("postgresql://localhost/db"), "not in this build"));
    BOOST_TEST(contains(reason_not_to_open("mysql:/x"), "unknown scheme mysql"));
    BOOST_TEST(contains(reason_not_to_open("sqlite:"), "path of a file"));
    BOOST_TEST(contains(reason_not_to_open("sqlite:///x"), "path of a file"));
    BOOST_TEST(contains(reason_not_to_open("sqlite:/tmp/x?check=maybe"), "check=maybe"));
    BOOST_TEST(contains(reason_not_to_open("sqlite:/tmp/x?colour=red"), "colour=red"));
    const test::temporary_directory directory;
    BOOST_TEST(contains(reason_not_to_open("sqlite:" + directory.file("a.db") + "?vfs=none"), "no such vfs"));
}

BOOST_AUTO_TEST_SUITE_END()

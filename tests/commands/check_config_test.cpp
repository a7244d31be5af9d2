#include "core/commands/check_config.hpp"

#include "tests/support/temporary_directory.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

#include <fstream>

using namespace wxlogind;

namespace {

constexpr std::string_view app_secret = "canary0123456789";

std::string write_config(const test::temporary_directory& place, std::string_view lines) {
    std::ofstream{place.file("secret")} << app_secret;
    std::ofstream{place.file("wxlogind.toml")} << lines;
    BOOST_TEST_REQUIRE(::chmod(place.file("secret").c_str(), 0600) == 0);
    return place.file("wxlogind.toml");
}

constexpr std::string_view good = "[[apps]]\nappid = 'wx1'\nsecret_file = 'secret'\n";
constexpr std::string_view bad = "[server]\nthreads = -1\n";

} // namespace

BOOST_AUTO_TEST_SUITE(check_config)

BOOST_AUTO_TEST_CASE(a_good_file_is_summed_up_in_a_line) {
    const test::temporary_directory place;
    const auto report = wxlogind::check_config(write_config(place, good), false);
    BOOST_TEST(report.is_good);
    BOOST_TEST(
        report.text ==
        "ok: listens on 127.0.0.1:8080 and 127.0.0.1:8081, WeChat is "
        "https://api.weixin.qq.com, storage is sqlite:/var/lib/wxlogind/wxlogind.db, apps: wx1\n");
}

BOOST_AUTO_TEST_CASE(as_json_a_good_file_shows_every_key_and_no_secret) {
    const test::temporary_directory place;
    const auto report = wxlogind::check_config(write_config(place, good), true);
    BOOST_TEST(report.is_good);
    BOOST_TEST(report.text.find(app_secret) == std::string::npos);
    const auto parsed = boost::json::parse(report.text);
    BOOST_TEST(parsed.at("ok").as_bool());
    const auto& settings = parsed.at("settings").as_object();
    BOOST_TEST(settings.at("server").at("header_timeout_ms").as_int64() == 5000);
    BOOST_TEST(settings.at("log").at("level").as_string() == "info");
    BOOST_TEST(settings.at("server").at("trusted_proxies").as_array().empty());
    BOOST_TEST(settings.at("apps").at(0).at("appid").as_string() == "wx1");
    BOOST_TEST(!settings.at("apps").at(0).at("default").as_bool());
    BOOST_TEST(settings.at("apps").at(0).as_object().count("secret") == 0u);
}

BOOST_AUTO_TEST_CASE(a_bad_file_is_told_with_the_place) {
    const test::temporary_directory place;
    const std::string file = write_config(place, bad);
    const std::string message = file + ":2: server.threads: -1 is out of range (0 to 1024)";
    const auto text = wxlogind::check_config(file, false);
    BOOST_TEST(!text.is_good);
    BOOST_TEST(text.text == message + "\n");
    const auto json = wxlogind::check_config(file, true);
    BOOST_TEST(!json.is_good);
    const auto parsed = boost::json::parse(json.text);
    BOOST_TEST(!parsed.at("ok").as_bool());
    BOOST_TEST(std::string{parsed.at("error").as_string()} == message);
}

BOOST_AUTO_TEST_SUITE_END()

#include "handlers/app_directory.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::handlers;

namespace {

constexpr std::string_view referer_of_b = "https://servicewechat.com/wxb/devtools/page-frame.html";

app_settings named(std::string appid, bool is_default = false) {
    app_settings settings;
    settings.appid = std::move(appid);
    settings.is_default = is_default;
    return settings;
}

std::string
chosen(const app_directory& from, std::string_view appid, std::optional<std::string_view> referer = {}) {
    const auto found = from.choose(appid, referer);
    return found ? (*found)->credentials.appid : found.error().detail;
}

} // namespace

BOOST_AUTO_TEST_SUITE(app_directory)

BOOST_AUTO_TEST_CASE(the_appid_that_was_sent_counts_before_the_referer_and_the_default) {
    const handlers::app_directory apps{{named("wxa", true), named("wxb"), named("wxc")}};
    BOOST_TEST(chosen(apps, "wxc", referer_of_b) == "wxc");
    BOOST_TEST(chosen(apps, "", referer_of_b) == "wxb");
    BOOST_TEST(chosen(apps, "") == "wxa");
    BOOST_TEST(chosen(apps, "", "https://example.com/wxb/0/page-frame.html") == "wxa");
}

BOOST_AUTO_TEST_CASE(the_only_app_is_the_default) {
    const handlers::app_directory apps{{named("wxa")}};
    BOOST_TEST(chosen(apps, "") == "wxa");
}

BOOST_AUTO_TEST_CASE(an_unknown_app_or_no_hint_among_several_is_refused) {
    const handlers::app_directory apps{{named("wxa"), named("wxb")}};
    BOOST_TEST(chosen(apps, "wxz") == "appid: not an app of this server");
    BOOST_TEST(
        chosen(apps, "", "https://servicewechat.com/wxz/0/page-frame.html") ==
        "appid: not an app of this server");
    BOOST_TEST(chosen(apps, "") == "appid: missing, and this server serves several apps");
}

BOOST_AUTO_TEST_CASE(only_the_platforms_own_referer_names_an_app) {
    BOOST_TEST(appid_of_referer(referer_of_b) == "wxb");
    BOOST_TEST(appid_of_referer("https://servicewechat.com/wxb").empty());
    BOOST_TEST(appid_of_referer("http://servicewechat.com/wxb/0/page-frame.html").empty());
    BOOST_TEST(appid_of_referer("").empty());
}

BOOST_AUTO_TEST_SUITE_END()

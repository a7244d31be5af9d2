// Many apps in one server: added, removed and changed while it runs, each for itself.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wxlogind::test;

namespace {

deployment_options two_apps(std::string first_app = {}) {
    deployment_options options;
    options.first_app = std::move(first_app);
    options.two_apps = true;
    return options;
}

std::string bearer(const http_reply& login) {
    return "Authorization: Bearer " + text_of(json_of(login), "token") + "\r\n";
}

http_reply log_in_to(const deployment& at, std::string_view appid, std::string_view user = "ann") {
    return at.log_in(at.mint_code(user, appid), "&appid=" + std::string{appid});
}

unsigned verified(const deployment& by, const std::string& authorization, std::string_view more = {}) {
    return http_get(by.internal_address(), "/verify" + std::string{more}, authorization).status;
}

void reload_with(deployment& running, const std::function<void(deployment_options&)>& change) {
    running.configure(change);
    BOOST_TEST_REQUIRE(text_of(running.reload(), "message") == "SIGHUP: reloaded");
}

std::size_t lines_with(deployment& of, std::string_view text) {
    const std::string log = of.wxlogind().output();
    std::size_t count = 0;
    for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++count;
    return count;
}

// WeChat's console: from now on this is the AppSecret.
void change_secret_at_wechat(const deployment& of, std::string_view secret) {
    const boost::json::object app{{"appid", first_appid}, {"secret", secret}};
    BOOST_TEST_REQUIRE(
        http_post(of.control_address(), "/apps", boost::json::serialize(app)).status / 100 == 2);
}

constexpr std::string_view next_secret = "00112233445566778899aabbccddeeff";

void write_secret(const deployment& of, const char* name, std::string_view secret) {
    std::ofstream{of.file(name)} << secret;
    std::filesystem::permissions(of.file(name), std::filesystem::perms{0600});
}

} // namespace

BOOST_AUTO_TEST_SUITE(apps)

BOOST_AUTO_TEST_CASE(an_app_is_added_and_removed_without_a_restart) {
    deployment running;
    const auto first = bearer(log_in_to(running, first_appid));
    BOOST_TEST(log_in_to(running, second_appid).status == 400u);

    reload_with(running, [](deployment_options& options) { options.two_apps = true; });
    const auto login = log_in_to(running, second_appid);
    BOOST_TEST_REQUIRE(login.status == 200u);
    const auto second = bearer(login);
    const std::string refresh = R"({"refresh_token":")" + text_of(json_of(login), "refresh_token") + "\"}";
    BOOST_TEST(verified(running, second) == 200u);
    // Several now, and none is the default.
    const auto nameless = running.log_in(running.mint_code("ann"));
    BOOST_TEST(nameless.status == 400u);

    reload_with(running, [](deployment_options& options) { options.two_apps = false; });
    const auto refused = log_in_to(running, second_appid);
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(text_of(json_of(refused), "detail") == "appid: not an app of this server");
    BOOST_TEST(verified(running, second) == 401u);
    BOOST_TEST(http_post(running.public_address(), "/token/refresh", refresh).status == 401u);
    BOOST_TEST(verified(running, first) == 200u);
    BOOST_TEST(running.log_in(running.mint_code("ann")).status == 200u);

    // Back again: nothing was lost.
    reload_with(running, [](deployment_options& options) { options.two_apps = true; });
    BOOST_TEST(verified(running, second) == 200u);
    BOOST_TEST(http_post(running.public_address(), "/token/refresh", refresh).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_app_is_chosen_by_appid_then_referer_then_default) {
    deployment running{two_apps("default = true\n")};
    const auto app_of = [&](const http_reply& login) {
        return http_get(running.internal_address(), "/verify", bearer(login)).field("x-app-id");
    };
    const std::string from_second =
        "Referer: https://servicewechat.com/" + std::string{second_appid} + "/12/page-frame.html\r\n";
    const auto ask = [&](std::string_view of, const std::string& more, const std::string& fields) {
        const std::string target = "/login?code=" + running.mint_code("ann", of) + more;
        return http_get(running.public_address(), target, fields);
    };
    BOOST_TEST(app_of(ask(first_appid, "", "")) == first_appid);
    BOOST_TEST(app_of(ask(second_appid, "", from_second)) == second_appid);
    BOOST_TEST(app_of(ask(first_appid, "&appid=" + std::string{first_appid}, from_second)) == first_appid);
    reload_with(running, [](deployment_options& options) { options.first_app.clear(); });
    BOOST_TEST(ask(first_appid, "", "").status == 400u);
}

BOOST_AUTO_TEST_CASE(a_token_of_one_app_is_refused_where_another_is_asked_for) {
    const deployment running{two_apps()};
    const auto first = bearer(log_in_to(running, first_appid));
    const auto of = [](std::string_view appid) { return "/" + std::string{appid}; };
    BOOST_TEST(verified(running, first) == 200u);
    BOOST_TEST(verified(running, first, of(first_appid)) == 200u);
    BOOST_TEST(verified(running, first, of(second_appid)) == 401u);
    BOOST_TEST(verified(running, first, of("unknown")) == 401u);
    // What a client adds says nothing.
    BOOST_TEST(verified(running, first, of(second_appid) + "?appid=" + std::string{first_appid}) == 401u);
    BOOST_TEST(verified(running, first, of(first_appid) + "/more") == 404u);
}

BOOST_AUTO_TEST_CASE(each_app_has_its_own_quota_of_logins) {
    deployment running{two_apps("logins_per_app = 2\n")};
    for (int i = 0; i < 2; ++i) BOOST_TEST(log_in_to(running, first_appid).status == 200u);
    const auto refused = log_in_to(running, first_appid);
    BOOST_TEST(refused.status == 429u);
    BOOST_TEST(refused.field("ratelimit-policy") == "\"app\";q=2;w=60");
    for (int i = 0; i < 3; ++i) BOOST_TEST(log_in_to(running, second_appid).status == 200u);
    reload_with(running, [](deployment_options& options) { options.first_app = "logins_per_app = 0\n"; });
    BOOST_TEST(log_in_to(running, first_appid).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_secret_changes_at_wechat_and_nobody_notices) {
    deployment running;
    write_secret(running, "next.secret", next_secret);
    reload_with(running, [&](deployment_options& options) {
        options.first_app = "next_secret_file = \"next.secret\"\n";
    });
    BOOST_TEST(running.log_in(running.mint_code("ann")).status == 200u);

    change_secret_at_wechat(running, next_secret);
    const std::string first_code = running.mint_code("ann");
    BOOST_TEST(running.log_in(first_code).status == 200u);
    BOOST_TEST(running.exchanges_of(first_code) == 2u); // with the old one, which is refused, and the next
    for (int i = 0; i < 3; ++i) {
        const std::string code = running.mint_code("ann");
        BOOST_TEST(running.log_in(code).status == 200u);
        BOOST_TEST(running.exchanges_of(code) == 1u);
    }
    // The log is written a little later; what a reload says comes after it.
    reload_with(running, [](deployment_options& options) { options.tokens = "access_ttl_s = 90\n"; });
    BOOST_TEST(lines_with(running, "WeChat knows another AppSecret of this app now") == 1u);

    // A reload that leaves both as they are has learned it already.
    reload_with(running, [](deployment_options& options) { options.tokens = "access_ttl_s = 60\n"; });
    const std::string after = running.mint_code("ann");
    BOOST_TEST(running.log_in(after).status == 200u);
    BOOST_TEST(running.exchanges_of(after) == 1u);

    // The next one takes its place.
    write_secret(running, "first.secret", next_secret);
    reload_with(running, [](deployment_options& options) { options.first_app.clear(); });
    BOOST_TEST(running.log_in(running.mint_code("ann")).status == 200u);
    const std::string log = running.wxlogind().output();
    BOOST_TEST(log.find(next_secret) == std::string::npos);
    BOOST_TEST(log.find(first_secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(with_two_wrong_secrets_the_code_stays_good_and_the_other_app_goes_on) {
    deployment running{two_apps()};
    write_secret(running, "next.secret", next_secret);
    reload_with(running, [&](deployment_options& options) {
        options.first_app = "next_secret_file = \"next.secret\"\n";
    });
    change_secret_at_wechat(running, "ffffffffffffffffffffffffffffffff");
    const std::string code = running.mint_code("ann");
    for (int i = 0; i < 12; ++i) {
        const auto refused = running.log_in(code, "&appid=" + std::string{first_appid});
        BOOST_TEST(refused.status == 502u);
        BOOST_TEST(text_of(json_of(refused), "code") == "wechat_misconfigured");
        BOOST_TEST(log_in_to(running, second_appid, "user" + std::to_string(i)).status == 200u);
    }
    change_secret_at_wechat(running, next_secret);
    // A reload looks at both again, and at once.
    reload_with(running, [](deployment_options& options) { options.tokens = "access_ttl_s = 60\n"; });
    BOOST_TEST(running.log_in(code, "&appid=" + std::string{first_appid}).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

// Our own quotas, as clients behind a proxy meet them.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

deployment_options limited(const std::string& limits) {
    deployment_options options;
    options.server = "trusted_proxies = [\"127.0.0.1\"]\n";
    options.sections = "[limits]\n" + limits;
    return options;
}

std::string forwarded_for(std::string_view client) {
    return "X-Forwarded-For: " + std::string{client} + "\r\n";
}

http_reply log_in_from(const deployment& to, std::string_view client, const std::string& code) {
    return http_get(to.public_address(), "/login?code=" + code, forwarded_for(client));
}

void expect_limited(const http_reply& reply, const std::string& policy, unsigned quota) {
    BOOST_TEST(reply.status == 429u);
    BOOST_TEST(text_of(json_of(reply), "code") == "rate_limited");
    BOOST_TEST(text_of(json_of(reply), "retry") == "later");
    BOOST_TEST(reply.field("ratelimit-policy") == '"' + policy + "\";q=" + std::to_string(quota) + ";w=60");
    BOOST_TEST(reply.field("ratelimit") == '"' + policy + "\";r=0;t=" + reply.field("retry-after"));
    const int wait = std::stoi(reply.field("retry-after"));
    BOOST_TEST((wait >= 1 && wait <= 60));
}

} // namespace

BOOST_AUTO_TEST_SUITE(rate_limits)

BOOST_AUTO_TEST_CASE(one_address_is_stopped_before_wechat_is_asked_and_others_are_not) {
    const deployment running{limited("logins_per_address = 3\n")};
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(log_in_from(running, "203.0.113.9", running.mint_code("uma")).status == 200u);
    const std::string code = running.mint_code("uma");
    expect_limited(log_in_from(running, "203.0.113.9", code), "address", 3);
    BOOST_TEST(running.exchanges_of(code) == 0u);
    // The code is not lost: somebody else's address, or the same one later.
    BOOST_TEST(log_in_from(running, "203.0.113.10", code).status == 200u);
    // What a client writes to the left of the proxy's entry gives it no other address.
    expect_limited(log_in_from(running, "198.51.100.1, 203.0.113.9", "c0de"), "address", 3);

    for (int i = 0; i < 3; ++i)
        BOOST_TEST(
            log_in_from(running, "2001:db8:1:2::" + std::to_string(i + 1), running.mint_code("uma")).status ==
            200u);
    expect_limited(log_in_from(running, "[2001:db8:1:2::ff]:4711", "c0de"), "address", 3);
}

BOOST_AUTO_TEST_CASE(malformed_logins_count_as_well) {
    const deployment running{limited("logins_per_address = 3\n")};
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(http_get(running.public_address(), "/login", forwarded_for("203.0.113.9")).status == 400u);
    expect_limited(http_get(running.public_address(), "/login", forwarded_for("203.0.113.9")), "address", 3);
    BOOST_TEST(http_get(running.public_address(), "/healthz", forwarded_for("203.0.113.9")).status == 200u);
}

BOOST_AUTO_TEST_CASE(one_user_is_stopped_and_others_at_the_same_address_are_not) {
    const deployment running{limited("requests_per_user = 3\n")};
    const auto vera = json_of(log_in_from(running, "203.0.113.9", running.mint_code("vera")));
    const std::string bearer = "Authorization: Bearer " + text_of(vera, "token") + "\r\n";
    const std::string from = forwarded_for("203.0.113.9");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(http_get(running.public_address(), "/me", bearer + from).status == 200u);
    expect_limited(http_get(running.public_address(), "/me", bearer + from), "user", 3);
    const auto will = json_of(log_in_from(running, "203.0.113.9", running.mint_code("will")));
    const std::string other = "Authorization: Bearer " + text_of(will, "token") + "\r\n";
    BOOST_TEST(http_get(running.public_address(), "/me", other + from).status == 200u);
    // Back ends that ask about tokens are not limited.
    http_connection internal{running.internal_address()};
    for (int i = 0; i < 500; ++i)
        BOOST_TEST(internal.exchange(get_request("/verify", bearer)).status == 200u);
}

BOOST_AUTO_TEST_CASE(logins_of_one_openid_are_limited_from_whatever_addresses_they_come) {
    const deployment running{limited("requests_per_user = 3\n")};
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(
            log_in_from(running, "203.0.113." + std::to_string(i), running.mint_code("xena")).status == 200u);
    expect_limited(log_in_from(running, "203.0.113.77", running.mint_code("xena")), "user", 3);
    BOOST_TEST(log_in_from(running, "203.0.113.77", running.mint_code("yves")).status == 200u);
}

BOOST_AUTO_TEST_CASE(one_app_does_not_use_up_what_the_others_need) {
    deployment_options options = limited("logins_per_app = 3\n");
    options.two_apps = true;
    const deployment running{options};
    const auto from_app = [&](std::string_view appid) {
        return running.log_in(running.mint_code("zoe", appid), "&appid=" + std::string{appid});
    };
    for (int i = 0; i < 3; ++i) BOOST_TEST(from_app(first_appid).status == 200u);
    expect_limited(from_app(first_appid), "app", 3);
    BOOST_TEST(from_app(second_appid).status == 200u);
}

BOOST_AUTO_TEST_CASE(behind_a_unix_socket_the_proxy_says_who_the_client_is_where_it_is_trusted) {
    deployment_options options = limited("logins_per_address = 2\n");
    options.server = "trusted_proxies = [\"unix\"]\n";
    options.public_socket = "public.sock";
    deployment running{options};
    BOOST_TEST_REQUIRE(running.public_address().starts_with("unix:/"));
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(log_in_from(running, "203.0.113.9", running.mint_code("ada")).status == 200u);
    expect_limited(log_in_from(running, "203.0.113.9", "c0de"), "address", 2);
    BOOST_TEST(log_in_from(running, "203.0.113.10", running.mint_code("ada")).status == 200u);
    running.wxlogind().wait_for_line([](std::string_view line) {
        return line.find(R"("client":"203.0.113.10")") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(nobody_else_chooses_an_address_and_loopback_is_not_limited) {
    deployment_options options = limited("logins_per_address = 2\n");
    options.server = "";
    const deployment running{options};
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(log_in_from(running, "203.0.113.9", running.mint_code("ada")).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

// Starting, leaving and refusing to start.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <thread>

using namespace wxlogind::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(process)

BOOST_AUTO_TEST_CASE(sigterm_finishes_logins_in_flight_and_exits_0) {
    deployment running;
    running.inject(R"({"kind":"latency","latency":"fixed:800","count":1})");
    const std::string code = running.mint_code("kim");
    http_reply reply;
    {
        std::jthread client{[&] { reply = running.log_in(code); }};
        while (running.exchanges_of(code) == 0) std::this_thread::sleep_for(5ms);
        BOOST_TEST(running.stop_wxlogind() == 0);
    }
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.field("connection") == "close");
    running.start_wxlogind();
    BOOST_TEST(!json_of(running.log_in(running.mint_code("kim"))).at("is_new").as_bool());
}

BOOST_AUTO_TEST_CASE(not_ready_comes_first_and_everything_is_still_served) {
    deployment_options options;
    options.server = "drain_delay_ms = 2000\n";
    deployment running{options};
    BOOST_TEST(http_get(running.public_address(), "/readyz").status == 200u);
    running.wxlogind().send_signal(SIGTERM);
    while (http_get(running.public_address(), "/readyz").status != 503u) std::this_thread::sleep_for(5ms);
    BOOST_TEST(http_get(running.public_address(), "/healthz").status == 200u);
    BOOST_TEST(running.log_in(running.mint_code("leo")).status == 200u);
    BOOST_TEST(running.wxlogind().wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_second_sigterm_leaves_at_once) {
    deployment_options options;
    options.server = "drain_delay_ms = 20000\n";
    deployment running{options};
    running.wxlogind().send_signal(SIGTERM);
    while (http_get(running.public_address(), "/readyz").status != 503u) std::this_thread::sleep_for(5ms);
    running.wxlogind().send_signal(SIGTERM);
    BOOST_TEST(running.wxlogind().wait(5s) != 0);
}

// As the service manager's watchdog sends it.
BOOST_AUTO_TEST_CASE(a_sigabrt_from_outside_ends_it_and_the_last_lines_are_written) {
    deployment running;
    http_connection client{running.public_address()};
    const http_reply reply = client.exchange(get_request("/healthz"));
    BOOST_TEST_REQUIRE(client.exchange(get_request("/healthz")).status == 200u); // its line is there by now
    running.wxlogind().send_signal(SIGABRT);
    BOOST_TEST(running.wxlogind().wait() == 128 + SIGABRT);
    BOOST_TEST(running.wxlogind().output().find(reply.field("x-request-id")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(readiness_shows_the_database_and_wechat) {
    const deployment running;
    const auto fresh = json_of(http_get(running.public_address(), "/readyz"));
    BOOST_TEST(text_of(fresh, "status") == "ready");
    BOOST_TEST(text_of(fresh, "database") == "writable");
    BOOST_TEST(text_of(fresh, "wechat") == "untried");
    BOOST_TEST(running.log_in(running.mint_code("mia")).status == 200u);
    BOOST_TEST(text_of(json_of(http_get(running.internal_address(), "/readyz")), "wechat") == "up");
}

BOOST_AUTO_TEST_CASE(a_second_process_on_the_same_database_is_refused_with_the_reason) {
    deployment running;
    child_process second{
        {program_path("wxlogind"), "--config", running.file("wxlogind.toml")}, running.file("second.log")};
    BOOST_TEST(second.wait() == 1);
    BOOST_TEST_CONTEXT(second.output()) {
        BOOST_TEST(second.output().find("wxlogind.db") != std::string::npos);
    }
    BOOST_TEST(running.log_in(running.mint_code("nina")).status == 200u);
}

BOOST_AUTO_TEST_CASE(the_log_has_one_line_a_request_and_none_of_the_secrets) {
    deployment_options options;
    options.log_level = "debug";
    deployment running{options};
    const std::string code = running.mint_code("olga");
    const auto login = json_of(running.log_in(code, "&nickName=Marker-7131"));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    BOOST_TEST(http_get(running.public_address(), "/me", bearer).status == 200u);
    BOOST_TEST(running.stop_wxlogind() == 0);

    const std::string log = running.wxlogind().output();
    std::size_t request_lines = 0;
    for (std::size_t at = 0; (at = log.find(R"("request")", at)) != std::string::npos; ++at) ++request_lines;
    BOOST_TEST(request_lines == 2u);
    for (const std::string& secret :
         {code, text_of(login, "token"), text_of(login, "refresh_token"), text_of(login, "openid"),
          std::string{"Marker-7131"}, std::string{"0123456789abcdef0123456789abcdef"}})
        BOOST_TEST(log.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

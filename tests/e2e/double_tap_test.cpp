// A phone that sends its code twice, or a proxy that repeats a request, must not lose the login.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <thread>

using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(double_tap)

BOOST_AUTO_TEST_CASE(one_code_sent_twenty_times_at_once_is_exchanged_once_and_answered_alike) {
    const deployment running;
    // Slow enough for all twenty to meet.
    running.inject(R"({"kind":"latency","latency":"fixed:300","count":1})");
    const std::string code = running.mint_code("grace");
    std::vector<http_reply> replies(20);
    {
        std::vector<std::jthread> taps;
        for (http_reply& each : replies) taps.emplace_back([&] { each = running.log_in(code); });
    }
    for (const http_reply& each : replies) {
        BOOST_TEST(each.status == 200u);
        BOOST_TEST(each.body == replies[0].body);
    }
    BOOST_TEST(running.exchanges_of(code) == 1u);

    // And once more, when the answer is there already.
    BOOST_TEST(running.log_in(code).body == replies[0].body);
    BOOST_TEST(running.exchanges_of(code) == 1u);
}

BOOST_AUTO_TEST_CASE(a_code_is_refused_without_asking_wechat_when_the_replay_window_is_over) {
    deployment_options options;
    options.wechat = "replay_window_ms = 0\n";
    const deployment running{options};
    const std::string code = running.mint_code("heidi");
    BOOST_TEST(running.log_in(code).status == 200u);
    const http_reply again = running.log_in(code);
    BOOST_TEST(again.status == 401u);
    BOOST_TEST(text_of(json_of(again), "code") == "code_rejected");
    BOOST_TEST(text_of(json_of(again), "retry") == "login");
    BOOST_TEST(running.exchanges_of(code) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

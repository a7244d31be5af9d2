// Everything that WeChat and the way to it can do wrong: what the client is told, how often the code is sent,
// and that the next login is fine within a second.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

struct fault {
    std::string order;     // for the simulator
    unsigned status;       // of our answer
    std::string_view code; // of the problem; "" for a success
    unsigned exchanges;    // how often WeChat got the code
};

deployment_options impatient() {
    deployment_options options;
    options.wechat = "timeout_ms = 3000\nconnect_timeout_ms = 500\ntls_timeout_ms = 500\n"
                     "first_byte_timeout_ms = 1500\n";
    options.log_level = "debug";
    return options;
}

// A log of one's own is what an operator has: no secret may stand in it, whatever went wrong.
void check_log_for_secrets(deployment& running, const std::string& code) {
    const std::string log = running.wxlogind().output();
    BOOST_TEST(log.find(code) == std::string::npos);
    BOOST_TEST(log.find("0123456789abcdef0123456789abcdef") == std::string::npos);
}

void check(deployment& running, const fault& each, int number) {
    BOOST_TEST_CONTEXT(each.order) {
        const std::string user = "user" + std::to_string(number);
        const std::string code = running.mint_code(user);
        running.inject(each.order);
        const http_reply reply = running.log_in(code);
        BOOST_TEST(reply.status == each.status);
        if (!each.code.empty()) BOOST_TEST(text_of(json_of(reply), "code") == each.code);
        BOOST_TEST(running.exchanges_of(code) == each.exchanges);
        running.clear_faults();

        // Over no connection that the fault has touched: its code would have been lost there.
        const std::string next_code = running.mint_code(user);
        BOOST_TEST(running.log_in(next_code).status == 200u);
        BOOST_TEST(running.exchanges_of(next_code) == 1u);
        check_log_for_secrets(running, code);
    }
}

void check_all(const std::vector<fault>& faults) {
    deployment running{impatient()};
    int number = 0;
    for (const fault& each : faults) check(running, each, number++);
}

std::string body(std::string_view name) {
    return R"({"kind":"body","named":")" + std::string{name} + R"(","count":1})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(wechat_faults)

BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_is_not_asked_for_again) {
    check_all({
        {R"({"kind":"reset_before","count":1})", 401, "code_rejected", 1},
        {R"({"kind":"reset_after","count":1})", 401, "code_rejected", 1},
        {R"({"kind":"drop_after","count":1})", 401, "code_rejected", 1},
        {R"({"kind":"tls_eof","count":1})", 401, "code_rejected", 1},
        {R"({"kind":"reset_mid_body","count":1})", 401, "code_rejected", 1},
        {R"({"kind":"wrong_content_length","surplus":10,"count":1})", 504, "wechat_timeout", 1},
        {R"({"kind":"no_content_length","abrupt":true,"count":1})", 401, "code_rejected", 1},
        {R"({"kind":"hang","count":1})", 504, "wechat_timeout", 1},
        {R"({"kind":"latency","latency":"fixed:3000","count":1})", 504, "wechat_timeout", 1},
        {R"({"kind":"slow_trickle","gap_ms":200,"count":1})", 504, "wechat_timeout", 1},
    });
}

BOOST_AUTO_TEST_CASE(odd_but_whole_answers_are_taken) {
    check_all({
        {R"({"kind":"idle_close","after_ms":0,"count":1})", 200, "", 1},
        {R"({"kind":"no_content_length","count":1})", 200, "", 1},
        {R"({"kind":"chunked","split":true,"count":1})", 200, "", 1},
        {R"({"kind":"chunked","split":false,"count":1})", 200, "", 1},
        {R"({"kind":"interim","count":1})", 200, "", 1},
        {R"({"kind":"two_responses","count":1})", 200, "", 1},
        {R"({"kind":"latency","latency":"fixed:400","count":1})", 200, "", 1},
        {body("null_unionid"), 200, "", 1},
    });
}

BOOST_AUTO_TEST_CASE(answers_that_are_none_are_a_bad_answer) {
    check_all({
        {R"({"kind":"garbage","count":1})", 502, "wechat_bad_answer", 1},
        {R"({"kind":"big_trailer","count":1})", 502, "wechat_bad_answer", 1},
        {R"({"kind":"big_headers","count":1})", 502, "wechat_bad_answer", 1},
        {R"({"kind":"gzip","count":1})", 502, "wechat_bad_answer", 1},
        {R"({"kind":"status","status":204,"count":1})", 502, "wechat_bad_answer", 1},
        {R"({"kind":"status","status":301,"count":1})", 502, "wechat_bad_answer", 1},
        {body("empty"), 502, "wechat_bad_answer", 1},
        {body("null"), 502, "wechat_bad_answer", 1},
        {body("array"), 502, "wechat_bad_answer", 1},
        {body("truncated"), 502, "wechat_bad_answer", 1},
        {body("string_errcode"), 502, "wechat_bad_answer", 1},
        {body("duplicate_openid"), 502, "wechat_bad_answer", 1},
        {body("depth_1000"), 502, "wechat_bad_answer", 1},
        {body("huge"), 502, "wechat_bad_answer", 1},
        {body("invalid_utf8"), 502, "wechat_bad_answer", 1},
        {body("nul_openid"), 502, "wechat_bad_answer", 1},
        {body("long_openid"), 502, "wechat_bad_answer", 1},
        {body("missing_openid"), 502, "wechat_bad_answer", 1},
        {body("missing_session_key"), 502, "wechat_bad_answer", 1},
        {body("short_session_key"), 502, "wechat_bad_answer", 1},
        {body("unknown_errcode"), 502, "wechat_bad_answer", 1},
    });
}

BOOST_AUTO_TEST_CASE(a_proxy_in_between_that_fails_loses_the_answer) {
    check_all({
        {R"({"kind":"html","status":429,"count":1})", 429, "rate_limited", 1},
        {R"({"kind":"html","status":502,"count":1})", 401, "code_rejected", 1},
        {R"({"kind":"html","status":503,"count":1})", 401, "code_rejected", 1},
    });
}

BOOST_AUTO_TEST_CASE(errcodes_of_wechat_become_the_problems_of_the_contract) {
    check_all({
        {R"({"kind":"errcode","errcode":-1,"count":1})", 200, "", 2},
        {R"({"kind":"errcode","errcode":-1,"count":2})", 200, "", 3},
        {R"({"kind":"errcode","errcode":-1,"count":3})", 503, "wechat_unavailable", 3},
        {R"({"kind":"errcode","errcode":-1,"consume":true,"count":1})", 401, "code_rejected", 2},
        {R"({"kind":"errcode","errcode":40029,"count":1})", 401, "code_rejected", 1},
        {R"({"kind":"errcode","errcode":40163,"count":1})", 401, "code_rejected", 1},
        {R"({"kind":"errcode","errcode":40226,"count":1})", 403, "user_blocked", 1},
        {R"({"kind":"errcode","errcode":45011,"count":1})", 429, "rate_limited", 1},
        {R"({"kind":"errcode","errcode":45009,"count":1})", 429, "rate_limited", 1},
        {R"({"kind":"errcode","errcode":40013,"count":1})", 502, "wechat_misconfigured", 1},
        {R"({"kind":"errcode","errcode":40125,"count":1})", 502, "wechat_misconfigured", 1},
        {R"({"kind":"errcode","errcode":41002,"count":1})", 502, "wechat_misconfigured", 1},
        {R"({"kind":"errcode","errcode":41004,"count":1})", 502, "wechat_misconfigured", 1},
        {R"({"kind":"errcode","errcode":40164,"count":1})", 502, "wechat_misconfigured", 1},
        {R"({"kind":"errcode","errcode":40243,"count":1})", 502, "wechat_misconfigured", 1},
        {R"({"kind":"errcode","errcode":41008,"count":1})", 502, "wechat_misconfigured", 1},
        {R"({"kind":"errcode","errcode":99999,"count":1})", 502, "wechat_bad_answer", 1},
    });
}

// Each with a fresh wxlogind: one that has a kept connection does not notice.
BOOST_AUTO_TEST_CASE(a_connection_that_cannot_be_made_is_tried_once_more_and_spends_no_code) {
    const std::vector<fault> faults{
        {R"({"kind":"refuse_accept","count":1})", 200, "", 1},
        {R"({"kind":"tls_stall","count":1})", 200, "", 1},
        {R"({"kind":"wrong_certificate","certificate":"expired","count":1})", 200, "", 1},
        {R"({"kind":"refuse_accept"})", 503, "wechat_unavailable", 0},
        {R"({"kind":"tls_stall"})", 503, "wechat_unavailable", 0},
        {R"({"kind":"wrong_certificate","certificate":"expired"})", 503, "wechat_unavailable", 0},
        {R"({"kind":"wrong_certificate","certificate":"wrong_host"})", 503, "wechat_unavailable", 0},
        {R"({"kind":"wrong_certificate","certificate":"self_signed"})", 503, "wechat_unavailable", 0},
    };
    for (const fault& each : faults) {
        deployment running{impatient()};
        check(running, each, 0);
    }
}

BOOST_AUTO_TEST_CASE(a_code_that_was_not_spent_may_be_sent_again) {
    const deployment running{impatient()};
    const std::string code = running.mint_code("sven");
    running.inject(R"({"kind":"refuse_accept"})");
    BOOST_TEST(running.log_in(code).status == 503u);
    running.clear_faults();
    BOOST_TEST(running.log_in(code).status == 200u);
    BOOST_TEST(running.exchanges_of(code) == 1u);
}

BOOST_AUTO_TEST_CASE(a_code_whose_answer_was_lost_is_refused_without_asking_again) {
    const deployment running{impatient()};
    const std::string code = running.mint_code("tina");
    running.inject(R"({"kind":"drop_after","count":1})");
    BOOST_TEST(running.log_in(code).status == 401u);
    const http_reply again = running.log_in(code);
    BOOST_TEST(again.status == 401u);
    BOOST_TEST(text_of(json_of(again), "retry") == "login");
    BOOST_TEST(running.exchanges_of(code) == 1u);
}

BOOST_AUTO_TEST_CASE(while_wechat_is_down_the_breaker_answers_at_once_and_sessions_go_on) {
    deployment_options options = impatient();
    options.threads = 1; // each reactor has a breaker of its own, and the kernel chooses the reactor
    options.wechat += "breaker_failures = 3\nbreaker_pause_ms = 5000\n";
    const deployment running{options};
    const auto login = json_of(running.log_in(running.mint_code("uma")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";

    running.inject(R"({"kind":"hang"})");
    for (int i = 0; i < 3; ++i) BOOST_TEST(running.log_in(running.mint_code("uma")).status == 504u);
    const std::string code = running.mint_code("uma");
    const http_reply reply = running.log_in(code);
    BOOST_TEST(reply.status == 503u);
    BOOST_TEST(text_of(json_of(reply), "code") == "wechat_unavailable");
    BOOST_TEST(!reply.field("retry-after").empty());
    BOOST_TEST(running.exchanges_of(code) == 0u);
    BOOST_TEST(text_of(json_of(http_get(running.public_address(), "/readyz")), "wechat") == "breaker_open");
    BOOST_TEST(http_get(running.public_address(), "/readyz").status == 200u);
    BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 200u);
    BOOST_TEST(http_get(running.public_address(), "/me", bearer).status == 200u);

    running.clear_faults();
    const auto limit = std::chrono::steady_clock::now() + 60s;
    while (running.log_in(running.mint_code("uma")).status != 200u)
        BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit));
}

BOOST_AUTO_TEST_SUITE_END()

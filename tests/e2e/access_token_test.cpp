// The token centre: everybody behind this server uses one access token of an app, and WeChat is asked for it
// as seldom as can be.
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>
#include <vector>

using namespace wxlogind::test;

namespace {

struct token_deployment : session_deployment {
    using session_deployment::session_deployment;

    [[nodiscard]] http_reply ask(std::string_view query = {}) const {
        return http_get(internal_address(), "/wechat/access-token" + std::string{query});
    }
    [[nodiscard]] http_reply complain(std::string_view about) const {
        return http_post(
            internal_address(), "/wechat/access-token", R"({"rejected":")" + std::string{about} + R"("})");
    }
    [[nodiscard]] std::string token() const { return text_of(json_of(ask()), "access_token"); }
    void order(std::string_view body) const {
        BOOST_TEST_REQUIRE(http_post(control_address(), "/tokens", body).status == 204u);
    }
    [[nodiscard]] std::int64_t count(std::string_view what, std::string_view appid = first_appid) const {
        return json_of(http_get(control_address(), "/tokens?appid=" + std::string{appid}))
            .at(what)
            .to_number<std::int64_t>();
    }
    // How many calls of any kind have reached WeChat.
    [[nodiscard]] std::int64_t requests() const {
        return json_of(http_get(control_address(), "/statistics")).at("requests").to_number<std::int64_t>();
    }
};

const std::string revoke_all = R"({"appid":"wx0123456789abcdef","do":"revoke","kind":"stable"})";

} // namespace

BOOST_AUTO_TEST_SUITE(access_token)

BOOST_AUTO_TEST_CASE(everybody_gets_one_token_which_wechat_is_asked_for_once) {
    const token_deployment running;
    BOOST_TEST(running.count("stable") == 0); // nobody has wanted it yet
    std::vector<std::string> tokens(16);
    {
        std::vector<std::jthread> callers;
        for (std::string& into : tokens) callers.emplace_back([&] { into = running.token(); });
    }
    BOOST_TEST(std::set<std::string>(tokens.begin(), tokens.end()).size() == 1u);
    const http_reply reply = running.ask("?appid=" + std::string{first_appid});
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.field("cache-control") == "no-store");
    const auto shown = json_of(reply);
    BOOST_TEST(shown.size() == 2u);
    BOOST_TEST(text_of(shown, "access_token") == tokens[0]);
    BOOST_TEST(shown.at("expires_in").as_int64() <= 7200);
    BOOST_TEST(shown.at("expires_in").as_int64() >= 7100);
    BOOST_TEST(running.count("stable") == 1);
}

BOOST_AUTO_TEST_CASE(every_app_has_a_token_of_its_own) {
    deployment_options options;
    options.two_apps = true;
    const token_deployment running{options};
    const auto first = text_of(json_of(running.ask("?appid=" + std::string{first_appid})), "access_token");
    const auto second = text_of(json_of(running.ask("?appid=" + std::string{second_appid})), "access_token");
    BOOST_TEST(first != second);
    BOOST_TEST(running.count("stable", second_appid) == 1);
    // Which one is meant has to be said.
    const http_reply unclear = running.ask();
    BOOST_TEST(unclear.status == 400u);
    BOOST_TEST(text_of(json_of(unclear), "detail").starts_with("appid:"));
}

BOOST_AUTO_TEST_CASE(bad_input_is_refused_by_name_and_costs_no_call_to_wechat) {
    const token_deployment running;
    const auto before = running.requests();
    const auto refuse = [](const http_reply& reply, std::string_view detail) {
        BOOST_TEST(reply.status == 400u);
        BOOST_TEST(text_of(json_of(reply), "detail").substr(0, detail.size()) == detail);
    };
    refuse(running.ask("?appid=wx9"), "appid:");
    refuse(running.ask("?appid=a&appid=b"), "appid:");
    refuse(running.ask("?appid=%zz"), "appid:");
    refuse(running.ask("?app=wx0123456789abcdef"), "app:");
    const auto post = [&](std::string_view body) {
        return http_post(running.internal_address(), "/wechat/access-token", body);
    };
    refuse(post("{}"), "rejected:");
    refuse(post(R"({"rejected":""})"), "rejected:");
    refuse(post(R"({"rejected":7})"), R"(body: member "rejected" is not a string)");
    refuse(post(R"({"rejected":")" + std::string(4097, 'a') + R"("})"), "rejected:");
    refuse(post(R"({"rejected":"a","appid":"wx9"})"), "appid:");
    refuse(post(R"({"rejected":"a","appid":7})"), R"(body: member "appid" is not a string)");
    refuse(post("rejected=a"), "body:");
    refuse(post("[]"), "body:");
    BOOST_TEST(http_get(running.public_address(), "/wechat/access-token").status == 404u);
    BOOST_TEST(running.requests() == before);
}

BOOST_AUTO_TEST_CASE(one_whose_token_is_an_old_one_gets_the_newer_one_and_wechat_is_not_asked) {
    const token_deployment running;
    const std::string token = running.token();
    const auto before = running.requests();
    BOOST_TEST(text_of(json_of(running.complain("an-older-one")), "access_token") == token);
    BOOST_TEST(running.requests() == before);
}

BOOST_AUTO_TEST_CASE(a_complaint_about_a_good_token_is_checked_and_forces_nothing) {
    const token_deployment running;
    const std::string token = running.token();
    BOOST_TEST(text_of(json_of(running.complain(token)), "access_token") == token);
    BOOST_TEST(running.count("stable") == 2); // as it is now
    BOOST_TEST(running.count("stable_forced") == 0);
    const auto before = running.requests();
    // Whoever else complains within seconds.
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(text_of(json_of(running.complain(token)), "access_token") == token);
    BOOST_TEST(running.requests() == before);
}

BOOST_AUTO_TEST_CASE(a_token_that_was_replaced_is_fetched_again_without_force) {
    const token_deployment running;
    const std::string token = running.token();
    running.order(revoke_all);
    std::vector<std::string> tokens(12);
    {
        std::vector<std::jthread> callers;
        for (std::string& into : tokens)
            callers.emplace_back([&] { into = text_of(json_of(running.complain(token)), "access_token"); });
    }
    BOOST_TEST(std::set<std::string>(tokens.begin(), tokens.end()).size() == 1u);
    BOOST_TEST(tokens[0] != token);
    BOOST_TEST(running.token() == tokens[0]);
    BOOST_TEST(running.count("stable") == 2);
    BOOST_TEST(running.count("stable_forced") == 0);
}

BOOST_AUTO_TEST_CASE(
    a_token_that_wechat_gives_and_does_not_take_is_replaced_by_force_and_not_so_again_for_30_s) {
    const token_deployment running;
    const std::string token = running.token();
    running.inject(R"({"kind":"errcode","errcode":40001,"path":"/cgi-bin/get_api_domain_ip"})");
    const std::string forced = text_of(json_of(running.complain(token)), "access_token");
    BOOST_TEST(forced != token);
    BOOST_TEST(running.count("stable_forced") == 1);
    const http_reply again = running.complain(forced);
    BOOST_TEST(again.status == 503u);
    BOOST_TEST(text_of(json_of(again), "code") == "wechat_unavailable");
    const int wait = std::stoi(again.field("retry-after"));
    BOOST_TEST(wait > 20);
    BOOST_TEST(wait <= 30);
    BOOST_TEST(running.count("stable_forced") == 1);
    // Who does not complain gets what there is.
    BOOST_TEST(running.token() == forced);
}

BOOST_AUTO_TEST_CASE(a_second_server_that_takes_classic_tokens_all_the_time_does_not_disturb_ours) {
    const token_deployment running;
    const std::string token = running.token();
    for (int i = 0; i < 5; ++i)
        running.order(R"({"appid":"wx0123456789abcdef","do":"rotate","overlap_s":0})");
    BOOST_TEST(text_of(json_of(running.complain(token)), "access_token") == token);
    BOOST_TEST(running.count("stable_made") == 1);
    BOOST_TEST(running.count("second_server") == 5);
}

BOOST_AUTO_TEST_CASE(a_crowd_that_wants_a_token_that_cannot_be_had_asks_once_and_is_told_when_to_come_again) {
    const token_deployment running;
    running.inject(R"({"kind":"errcode","errcode":40125,"path":"/cgi-bin/stable_token"})");
    const auto before = running.requests();
    std::vector<http_reply> replies(12);
    {
        std::vector<std::jthread> callers;
        for (http_reply& into : replies) callers.emplace_back([&] { into = running.ask(); });
    }
    for (const http_reply& each : replies) {
        BOOST_TEST(each.status == 502u);
        BOOST_TEST(text_of(json_of(each), "code") == "wechat_misconfigured");
        BOOST_TEST(json_of(each).at("errcode").as_int64() == 40125);
    }
    BOOST_TEST(running.requests() - before <= 3); // a second has passed, on a slow machine
}

BOOST_AUTO_TEST_CASE(a_login_does_not_wait_while_the_token_hangs_and_the_wait_for_the_token_is_bounded) {
    deployment_options options;
    options.wechat = "timeout_ms = 2000\nfirst_byte_timeout_ms = 1500\n";
    const token_deployment running{options};
    running.inject(R"({"kind":"hang","path":"/cgi-bin/stable_token"})");
    http_reply late;
    std::chrono::steady_clock::time_point ended;
    std::jthread caller{[&] {
        late = running.ask();
        ended = std::chrono::steady_clock::now();
    }};
    const bool has_arrived = [&] {
        for (int i = 0; i < 2000; ++i) {
            if (running.requests() != 0) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        return false;
    }();
    BOOST_TEST_REQUIRE(has_arrived);
    BOOST_TEST(running.log_in(running.mint_code("ines")).status == 200u);
    const auto logged_in = std::chrono::steady_clock::now();
    caller.join();
    BOOST_TEST((logged_in < ended));
    BOOST_TEST(late.status == 504u);
    BOOST_TEST(text_of(json_of(late), "code") == "wechat_timeout");
}

BOOST_AUTO_TEST_CASE(metrics_tell_how_the_token_is_and_what_wechat_answered) {
    const token_deployment running;
    const std::string token = running.token();
    running.inject(R"({"kind":"errcode","errcode":40001,"path":"/cgi-bin/get_api_domain_ip"})");
    (void)running.complain(token);
    const std::string shown = http_get(running.internal_address(), "/metrics").body;
    for (
        const auto* line :
        {R"(wxlogind_wechat_access_token_fetches_total{appid="wx0123456789abcdef",outcome="forced"} 1)",
         R"(wxlogind_wechat_access_token_expires_seconds{appid="wx0123456789abcdef"} 7)",
         R"(wxlogind_wechat_access_token_age_seconds{appid="wx0123456789abcdef"} )",
         R"(wxlogind_wechat_calls_total{appid="wx0123456789abcdef",path="/cgi-bin/stable_token",errcode="0"} 3)",
         R"(wxlogind_wechat_calls_total{appid="wx0123456789abcdef",path="/cgi-bin/get_api_domain_ip",errcode="40001"} 1)"})
        BOOST_TEST(shown.find(line) != std::string::npos, line);
    BOOST_TEST(shown.find(token) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(neither_tokens_nor_secrets_stand_in_the_log) {
    deployment_options options;
    options.log_level = "debug";
    token_deployment running{options};
    const std::string token = running.token();
    running.inject(R"({"kind":"errcode","errcode":40001,"path":"/cgi-bin/get_api_domain_ip"})");
    const std::string forced = text_of(json_of(running.complain(token)), "access_token");
    running.clear_faults();
    running.inject(R"({"kind":"body","named":"truncated","path":"/cgi-bin/stable_token"})");
    (void)running.complain(forced);
    BOOST_TEST(running.stop_wxlogind() == 0);
    const std::string log = running.wxlogind().output();
    BOOST_TEST(log.find("another is had by force") != std::string::npos);
    BOOST_TEST(log.find("WeChat gives no access token") != std::string::npos);
    BOOST_TEST(log.find(R"("check":"whether WeChat has a disturbance)") != std::string::npos);
    for (const std::string& hidden : {token, forced, std::string{first_secret}})
        BOOST_TEST(log.find(hidden) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

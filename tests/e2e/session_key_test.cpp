// The calls about a user's session_key, which the back end names by the user and never sees.
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

using namespace wxlogind::test;

namespace {

const std::vector<std::string> targets{
    "/wechat/check-session", "/wechat/reset-session-key", "/wechat/user-encrypt-key"};

struct key_deployment : session_deployment {
    using session_deployment::session_deployment;

    [[nodiscard]] std::string log_in_as(std::string_view user, std::string_view appid = first_appid) const {
        const std::string more = "&appid=" + std::string{appid};
        return text_of(json_of(log_in(mint_code(user, appid), more)), "id");
    }
    [[nodiscard]] http_reply call(std::string_view target, std::string_view body) const {
        return http_post(internal_address(), target, body);
    }
    [[nodiscard]] static std::string about(const std::string& user) {
        return R"({"user":")" + user + R"("})";
    }
    [[nodiscard]] http_reply check(const std::string& user) const { return call(targets[0], about(user)); }
    [[nodiscard]] http_reply reset(const std::string& user) const { return call(targets[1], about(user)); }
    [[nodiscard]] http_reply keys(const std::string& user) const { return call(targets[2], about(user)); }

    void order(std::string_view path, std::string_view body) const {
        BOOST_TEST_REQUIRE(http_post(control_address(), path, body).status / 100 == 2u);
    }
    void at_wechat(std::string_view what) const {
        order(
            "/sessions",
            R"({"appid":"wx0123456789abcdef","user":"ines","do":")" + std::string{what} + R"("})");
    }
    [[nodiscard]] std::string key_at_wechat() const {
        const std::string query = "?appid=" + std::string{first_appid} + "&user=ines";
        return text_of(json_of(http_get(control_address(), "/sessions" + query)), "session_key");
    }
    [[nodiscard]] std::int64_t requests() const {
        return json_of(http_get(control_address(), "/statistics")).at("requests").to_number<std::int64_t>();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(session_key)

BOOST_AUTO_TEST_CASE(a_session_is_good_until_wechat_changes_the_key) {
    const key_deployment running;
    const std::string user = running.log_in_as("ines");
    const http_reply good = running.check(user);
    BOOST_TEST(good.status == 200u);
    BOOST_TEST(good.body == R"({"valid":true})");
    BOOST_TEST(good.field("cache-control") == "no-store");
    running.at_wechat("rotate");
    BOOST_TEST(running.check(user).body == R"({"valid":false})");
    BOOST_TEST(running.reset(user).status == 409u);
    const http_reply stale = running.keys(user);
    BOOST_TEST(stale.status == 409u);
    BOOST_TEST(text_of(json_of(stale), "code") == "session_key_stale");
    BOOST_TEST(text_of(json_of(stale), "retry") == "login");
    // The next login brings the key.
    BOOST_TEST(running.log_in_as("ines") == user);
    BOOST_TEST(running.check(user).body == R"({"valid":true})");
}

BOOST_AUTO_TEST_CASE(a_reset_key_is_kept_and_survives_kill_9) {
    key_deployment running;
    const std::string user = running.log_in_as("ines");
    const std::string before = running.key_at_wechat();
    const http_reply reset = running.reset(user);
    BOOST_TEST(reset.status == 204u);
    BOOST_TEST(reset.body.empty());
    running.kill_wxlogind();
    BOOST_TEST(running.key_at_wechat() != before);
    running.start_wxlogind();
    BOOST_TEST(running.check(user).body == R"({"valid":true})");
    // And so once more.
    BOOST_TEST(running.reset(user).status == 204u);
    BOOST_TEST(running.check(user).body == R"({"valid":true})");
    // A login in the minute in which WeChat gives the same key changes nothing.
    BOOST_TEST(running.log_in_as("ines") == user);
    BOOST_TEST(running.check(user).body == R"({"valid":true})");
}

BOOST_AUTO_TEST_CASE(the_keys_of_the_crypto_manager_are_given) {
    const key_deployment running;
    const std::string user = running.log_in_as("ines");
    const auto shown = json_of(running.keys(user));
    const auto& keys = shown.at("keys").as_array();
    BOOST_TEST_REQUIRE(keys.size() == 1u);
    const auto& key = keys[0].as_object();
    BOOST_TEST(key.at("encrypt_key").as_string().size() == 24u);
    BOOST_TEST(key.at("iv").as_string().size() == 16u);
    BOOST_TEST(key.at("expires_in").as_int64() <= 3600);
    BOOST_TEST(key.at("expires_in").as_int64() > 3500);
    BOOST_TEST(key.at("version").as_int64() >= 0);
    BOOST_TEST(key.at("created").as_int64() > 1'600'000'000);
}

BOOST_AUTO_TEST_CASE(each_app_of_a_user_has_its_own_session) {
    deployment_options options;
    options.two_apps = true;
    const key_deployment running{options};
    const std::string user = running.log_in_as("ines");
    const auto in_app = [&](std::string_view appid) {
        return running.call(
            targets[0], R"({"user":")" + user + R"(","appid":")" + std::string{appid} + R"("})");
    };
    BOOST_TEST(in_app(first_appid).body == R"({"valid":true})");
    BOOST_TEST(in_app(second_appid).body == R"({"valid":false})");
    BOOST_TEST(running.log_in_as("ines", second_appid) == user);
    BOOST_TEST(in_app(second_appid).body == R"({"valid":true})");
}

BOOST_AUTO_TEST_CASE(bad_input_is_refused_by_name_and_costs_no_call_to_wechat) {
    const key_deployment running;
    const std::string user = running.log_in_as("ines");
    const std::string key = running.key_at_wechat();
    const auto before = running.requests();
    for (const std::string& target : targets) {
        const auto refuse = [&](std::string_view body, std::string_view detail, unsigned status = 400) {
            const http_reply reply = running.call(target, body);
            BOOST_TEST(reply.status == status);
            BOOST_TEST(text_of(json_of(reply), "detail") == detail);
        };
        refuse("{}", "user: missing");
        refuse(R"({"user":7})", R"(body: member "user" is not a string)");
        refuse(R"({"user":"ines"})", "user: not the id of a user");
        refuse(R"({"user":")" + user + R"(","appid":"wx9"})", "appid: not an app of this server");
        refuse(R"({"user":")" + user + R"(","appid":9})", R"(body: member "appid" is not a string)");
        refuse("[]", "body: not an object");
        refuse("user=" + user, "body: not JSON");
        BOOST_TEST(running.call(target, R"({"user":"00000000-0000-7000-8000-000000000000"})").status == 404u);
        BOOST_TEST(http_get(running.internal_address(), target).status == 405u);
        BOOST_TEST(http_post(running.public_address(), target, key_deployment::about(user)).status == 404u);
    }
    BOOST_TEST(running.requests() == before);
    BOOST_TEST(running.key_at_wechat() == key);
}

BOOST_AUTO_TEST_CASE(a_replaced_or_expired_access_token_is_fetched_again_and_the_call_repeated_once) {
    for (const auto* end : {"revoke", "expire"}) {
        const key_deployment running;
        const std::string user = running.log_in_as("ines");
        BOOST_TEST(running.check(user).status == 200u);
        running.order(
            "/tokens",
            R"({"appid":"wx0123456789abcdef","kind":"stable","do":")" + std::string{end} + R"("})");
        const auto before = running.requests();
        BOOST_TEST(running.check(user).body == R"({"valid":true})");
        BOOST_TEST(running.requests() == before + 3); // refused, a token, taken
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_is_refused_again_and_again_is_tried_twice_and_no_more) {
    const key_deployment running;
    const std::string user = running.log_in_as("ines");
    running.inject(R"({"kind":"errcode","errcode":40001,"path":"/wxa/checksession"})");
    const auto before = running.requests();
    const http_reply refused = running.check(user);
    BOOST_TEST(refused.status == 503u);
    BOOST_TEST(json_of(refused).at("errcode").as_int64() == 40001);
    // A token, the call, the same token, whether it is good, the call.
    BOOST_TEST(running.requests() == before + 5);
}

BOOST_AUTO_TEST_CASE(while_wechat_is_busy_only_what_may_be_repeated_is) {
    const key_deployment running;
    const std::string user = running.log_in_as("ines");
    BOOST_TEST(running.check(user).status == 200u);
    running.inject(R"({"kind":"errcode","errcode":-1,"path":"/wxa/checksession","count":2})");
    BOOST_TEST(running.check(user).body == R"({"valid":true})");
    running.inject(R"({"kind":"errcode","errcode":-1,"path":"/wxa/resetusersessionkey"})");
    const auto before = running.requests();
    const http_reply busy = running.reset(user);
    BOOST_TEST(busy.status == 503u);
    BOOST_TEST(running.requests() == before + 1);
}

BOOST_AUTO_TEST_CASE(answers_that_do_not_come_or_make_no_sense_are_told_apart) {
    deployment_options options;
    options.wechat = "timeout_ms = 2000\nfirst_byte_timeout_ms = 500\n";
    const key_deployment running{options};
    const std::string user = running.log_in_as("ines");
    BOOST_TEST(running.check(user).status == 200u);
    const auto with_fault = [&](std::string_view fault) {
        running.inject(R"({"path":"/wxa/checksession",)" + std::string{fault} + "}");
        const http_reply reply = running.check(user);
        running.clear_faults();
        return text_of(json_of(reply), "code");
    };
    BOOST_TEST(with_fault(R"("kind":"hang")") == "wechat_timeout");
    BOOST_TEST(with_fault(R"("kind":"reset_after")") == "wechat_bad_answer");
    BOOST_TEST(with_fault(R"("kind":"garbage","text":"what?")") == "wechat_bad_answer");
    BOOST_TEST(with_fault(R"("kind":"body","named":"truncated")") == "wechat_bad_answer");
    BOOST_TEST(with_fault(R"("kind":"html")") == "wechat_bad_answer");
    BOOST_TEST(with_fault(R"("kind":"errcode","errcode":45009)") == "rate_limited");
    BOOST_TEST(with_fault(R"("kind":"errcode","errcode":40164)") == "wechat_misconfigured");
    BOOST_TEST(running.check(user).body == R"({"valid":true})");
}

BOOST_AUTO_TEST_CASE(no_session_key_stands_in_the_log_or_in_an_answer) {
    deployment_options options;
    options.log_level = "debug";
    key_deployment running{options};
    const std::string user = running.log_in_as("ines");
    const std::string old = running.key_at_wechat();
    std::string seen = running.check(user).body + running.keys(user).body + running.reset(user).body;
    seen += running.check(user).body;
    const std::string fresh = running.key_at_wechat();
    BOOST_TEST(running.stop_wxlogind() == 0);
    seen += running.wxlogind().output();
    BOOST_TEST(fresh != old);
    for (const std::string& hidden : {old, fresh, std::string{first_secret}})
        BOOST_TEST(seen.find(hidden) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

// WeChat's content check: of nicknames by the app's policy, and of texts for back ends.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

deployment_options with_policy(std::string_view policy) {
    deployment_options options;
    options.first_app = "nickname_check = \"" + std::string{policy} + "\"\n";
    options.wechat = "timeout_ms = 1500\nfirst_byte_timeout_ms = 1000\n";
    return options;
}

struct checking : deployment {
    explicit checking(std::string_view policy) : deployment{with_policy(policy)} {
        for (const char* const word :
             {R"({"word":"badword","suggest":"risky","label":20006})",
              R"({"word":"oddword","suggest":"review","label":21000})"})
            BOOST_TEST_REQUIRE(http_post(control_address(), "/words", word).status == 204u);
        const auto login = json_of(log_in(mint_code("alice"), "&nickName=FromLogin"));
        id = text_of(login, "id");
        bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    }
    http_reply rename(std::string_view name) const {
        return http_call(
            public_address(), "PATCH", "/me", R"({"nickName":")" + std::string{name} + R"("})", bearer);
    }
    std::string name() const {
        return text_of(json_of(http_get(public_address(), "/me", bearer)), "nickName");
    }
    // What the audit log has of nicknames.
    std::string flagged() const { return http_get(internal_address(), "/audit?event=nickname_flagged").body; }
    http_reply ask(std::string_view body) const {
        return http_post(internal_address(), "/wechat/check-text", body);
    }
    http_reply ask_about(std::string_view text) const {
        return ask(R"({"user":")" + id + R"(","text":")" + std::string{text} + R"("})");
    }
    std::string id;
    std::string bearer;
};

constexpr std::string_view hang{R"({"kind":"hang","path":"/wxa/msg_sec_check"})"};

} // namespace

BOOST_AUTO_TEST_SUITE(text_check)

BOOST_AUTO_TEST_CASE(off_asks_nobody) {
    const checking running{"off"};
    BOOST_TEST(running.name() == "FromLogin");
    running.inject(hang);
    BOOST_TEST(running.rename("badword").status == 200u);
    BOOST_TEST(running.name() == "badword");
}

BOOST_AUTO_TEST_CASE(refuse_takes_what_is_not_risky) {
    const checking running{"refuse"};
    BOOST_TEST(running.name() == ""); // a login does not wait for the check, and so sets none
    BOOST_TEST(running.rename("Alice").status == 200u);
    const http_reply refused = running.rename("a badword");
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(text_of(json_of(refused), "detail") == "nickName: refused by WeChat's content check");
    BOOST_TEST(running.name() == "Alice");
    BOOST_TEST(running.rename("an oddword").status == 200u);
    BOOST_TEST(running.name() == "an oddword");
}

BOOST_AUTO_TEST_CASE(refuse_takes_nothing_while_wechat_cannot_be_asked_and_logins_go_on) {
    const checking running{"refuse"};
    BOOST_TEST(running.rename("Alice").status == 200u);
    running.inject(hang);
    const http_reply unchecked = running.rename("Bob");
    BOOST_TEST(unchecked.status >= 500u);
    BOOST_TEST(running.name() == "Alice");
    // What needs no check is changed all the same.
    BOOST_TEST(
        http_call(running.public_address(), "PATCH", "/me", R"({"city":"x","nickName":""})", running.bearer)
            .status == 200u);
    BOOST_TEST(running.log_in(running.mint_code("carol"), "&nickName=Carol").status == 200u);
}

BOOST_AUTO_TEST_CASE(review_takes_everything_and_says_in_the_audit_log_what_to_look_at) {
    const checking running{"review"};
    BOOST_TEST(running.rename("Alice").status == 200u);
    BOOST_TEST(running.flagged().find(running.id) == std::string::npos);
    BOOST_TEST(running.rename("a badword").status == 200u);
    BOOST_TEST(running.name() == "a badword");
    BOOST_TEST(running.flagged().find("risky 20006") != std::string::npos);
    BOOST_TEST(running.rename("an oddword").status == 200u);
    BOOST_TEST(running.flagged().find("review 21000") != std::string::npos);
    BOOST_TEST(running.flagged().find("oddword") == std::string::npos);
    running.inject(hang);
    BOOST_TEST(running.rename("Dora").status == 200u);
    BOOST_TEST(running.flagged().find("unchecked ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_back_end_asks_about_a_text_by_user_id) {
    const checking running{"off"};
    BOOST_TEST(running.ask_about("fine").body == R"({"suggest":"pass","label":100})");
    const http_reply risky = running.ask_about("a badword");
    BOOST_TEST(risky.status == 200u);
    BOOST_TEST(risky.body == R"({"suggest":"risky","label":20006})");
    BOOST_TEST(running.ask_about("oddword").body == R"({"suggest":"review","label":21000})");
    const std::string user = R"({"user":")" + running.id + R"(")";
    BOOST_TEST(
        running.ask(user + R"(,"text":"fine","scene":4,"appid":"wx0123456789abcdef"})").status == 200u);

    const std::pair<std::string, std::string_view> bad[] = {
        {"{}", "user: missing"},
        {R"({"user":"x","text":"a"})", "user: not the id of a user"},
        {user + "}", "text: missing"},
        {user + R"(,"text":""})", "text: missing"},
        {user + R"(,"text":")" + std::string(2501, 'a') + R"("})", "text: over 2500 characters"},
        {user + R"(,"text":"a","scene":5})",
         "scene: neither 1 (profile), 2 (comment), 3 (forum) nor 4 (social log)"},
    };
    for (const auto& [body, detail] : bad) {
        const http_reply refused = running.ask(body);
        BOOST_TEST_CONTEXT(detail) {
            BOOST_TEST(refused.status == 400u);
            BOOST_TEST(text_of(json_of(refused), "detail") == detail);
        }
    }
    BOOST_TEST(running.ask(R"({"user":"0198c0de-0000-7000-8000-000000000000","text":"a"})").status == 404u);
    BOOST_TEST(http_post(running.public_address(), "/wechat/check-text", "{}").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_user_who_was_not_there_for_two_hours_has_to_log_in_again) {
    const checking running{"refuse"};
    BOOST_TEST_REQUIRE(http_post(running.control_address(), "/clock", R"({"advance_s":7300})").status < 300u);
    const http_reply refused = running.rename("Alice");
    BOOST_TEST(refused.status == 409u);
    BOOST_TEST(text_of(json_of(refused), "retry") == "login");
    BOOST_TEST(running.log_in(running.mint_code("alice")).status == 200u);
    BOOST_TEST(running.rename("Alice").status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

// Sessions go on by refreshing, and end at once when somebody ends them.
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

void expect_invalid(const http_reply& reply) {
    BOOST_TEST(reply.status == 401u);
    BOOST_TEST(reply.field("www-authenticate") == R"(Bearer error="invalid_token")");
    BOOST_TEST(text_of(json_of(reply), "code") == "invalid_token");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sessions, session_deployment)

BOOST_AUTO_TEST_CASE(a_refresh_gives_a_new_pair_of_the_same_session) {
    const auto login = json_of(log_in(mint_code("alice")));
    const http_reply reply = refresh(login);
    BOOST_TEST_REQUIRE(reply.status == 200u);
    BOOST_TEST(reply.field("cache-control") == "no-store");
    const auto next = json_of(reply);
    for (const auto* member : {"id", "openid", "unionid", "token_type"})
        BOOST_TEST(text_of(next, member) == text_of(login, member));
    BOOST_TEST(!next.at("is_new").as_bool());
    // What is left at the answer, of a life that began with the rotation.
    BOOST_TEST(next.at("expires_in").as_int64() <= 7200);
    BOOST_TEST(next.at("expires_in").as_int64() > 7200 - 60);
    BOOST_TEST(next.at("refresh_expires_in").as_int64() <= 2592000);
    BOOST_TEST(next.at("refresh_expires_in").as_int64() > 2592000 - 60);
    BOOST_TEST(text_of(next, "refresh_token") != text_of(login, "refresh_token"));

    const http_reply before = verify(login);
    const http_reply after = verify(next);
    BOOST_TEST(before.status == 200u); // until it expires
    BOOST_TEST(after.status == 200u);
    BOOST_TEST(after.field("x-session-id") == before.field("x-session-id"));
    BOOST_TEST(refresh(next).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_refresh_whose_answer_was_lost_gets_the_same_pair_again_also_after_kill_9) {
    const auto login = json_of(log_in(mint_code("bob")));
    const auto next = json_of(refresh(login));
    const auto again = json_of(refresh(login));
    kill_wxlogind();
    start_wxlogind();
    const auto after_a_crash = json_of(refresh(login));
    for (const auto* member : {"token", "refresh_token"}) {
        BOOST_TEST(text_of(again, member) == text_of(next, member));
        BOOST_TEST(text_of(after_a_crash, member) == text_of(next, member));
    }
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_used_twice_ends_the_session) {
    const auto login = json_of(log_in(mint_code("carol")));
    const auto second = json_of(refresh(login));
    const auto third = json_of(refresh(second));
    expect_invalid(refresh(login));
    for (const auto* pair : {&login, &second, &third}) {
        expect_invalid(refresh(*pair));
        expect_invalid(verify(*pair));
        expect_invalid(me(*pair));
    }
    wxlogind().wait_for_line(
        [](std::string_view line) { return line.find("used twice") != std::string_view::npos; });
    const auto noted = json_of(http_get(internal_address(), "/audit?event=refresh_reused")).at("records");
    BOOST_TEST_REQUIRE(noted.as_array().size() == 1u);
    BOOST_TEST(text_of(noted.at(0).as_object(), "user") == text_of(login, "id"));
    BOOST_TEST(text_of(noted.at(0).as_object(), "by") == "server");
    BOOST_TEST(verify(json_of(log_in(mint_code("carol")))).status == 200u);
}

BOOST_AUTO_TEST_CASE(whatever_is_no_refresh_token_is_refused_alike) {
    const auto login = json_of(log_in(mint_code("dave")));
    const std::string good = text_of(login, "refresh_token");
    std::string flipped = good;
    flipped.back() = flipped.back() == 'A' ? 'B' : 'A';
    for (const std::string& bad :
         {std::string{}, std::string{"x"}, good + "A", good.substr(1), flipped, text_of(login, "token"),
          std::string(60, 'A'), std::string(8000, 'A')})
        expect_invalid(refresh_with(bad));

    const auto status_of = [&](std::string_view body, std::string_view type = "application/json") {
        std::string request{"POST /token/refresh HTTP/1.1\r\nHost: a\r\nContent-Type: "};
        request.append(type).append("\r\nContent-Length: ").append(std::to_string(body.size()));
        request.append("\r\n\r\n").append(body);
        return http_connection{public_address()}.exchange(request).status;
    };
    for (const auto* body :
         {"", "{}", "[]", "null", R"({"refresh_token":1})", R"({"refresh_token":null})",
          R"({"refresh_token":"a","refresh_token":"b"})", R"({"refresh_token")"})
        BOOST_TEST(status_of(body) == 400u, body);
    BOOST_TEST(status_of("refresh_token=x", "application/x-www-form-urlencoded") == 415u);
    BOOST_TEST(http_get(public_address(), "/token/refresh?refresh_token=" + good).status == 405u);
    BOOST_TEST(refresh(login).status == 200u); // nothing of it has cost the token its good
}

BOOST_AUTO_TEST_CASE(a_logout_ends_this_session_and_no_other) {
    const auto here = json_of(log_in(mint_code("erin")));
    const auto there = json_of(log_in(mint_code("erin")));
    const http_reply done = log_out(here);
    BOOST_TEST(done.status == 204u);
    BOOST_TEST(done.body.empty());
    expect_invalid(verify(here));
    expect_invalid(me(here));
    expect_invalid(refresh(here));
    expect_invalid(log_out(here));
    BOOST_TEST(verify(there).status == 200u);
    BOOST_TEST(refresh(there).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_logout_of_all_ends_every_session_but_not_the_next_login) {
    const auto here = json_of(log_in(mint_code("frank")));
    const auto there = json_of(log_in(mint_code("frank")));
    const auto somebody_else = json_of(log_in(mint_code("grace")));
    BOOST_TEST(log_out(here, R"({"all":true})").status == 204u);
    for (const auto* each : {&here, &there}) {
        expect_invalid(verify(*each));
        expect_invalid(refresh(*each));
    }
    const auto next = json_of(log_in(mint_code("frank")));
    for (const auto* each : {&next, &somebody_else}) {
        BOOST_TEST(verify(*each).status == 200u);
        BOOST_TEST(refresh(*each).status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(a_logout_that_is_not_understood_logs_nobody_out) {
    const auto login = json_of(log_in(mint_code("heidi")));
    for (const auto* body : {"[]", "{", R"({"all":1})", R"({"all":"true"})", R"({"all":true,"all":false})"})
        BOOST_TEST(log_out(login, body).status == 400u, body);
    BOOST_TEST(http_post(public_address(), "/logout", "{}").status == 401u);
    BOOST_TEST(verify(login).status == 200u);
    BOOST_TEST(log_out(login, R"({"all":false})").status == 204u);
    expect_invalid(verify(login));
}

BOOST_AUTO_TEST_CASE(what_was_ended_stays_ended_after_kill_9) {
    const auto one = json_of(log_in(mint_code("ivan")));
    const auto other = json_of(log_in(mint_code("judy")));
    const auto good = json_of(log_in(mint_code("ken")));
    BOOST_TEST(log_out(one).status == 204u);
    BOOST_TEST(log_out(other, R"({"all":true})").status == 204u);
    kill_wxlogind();
    start_wxlogind();
    for (const auto* each : {&one, &other}) {
        expect_invalid(verify(*each));
        expect_invalid(refresh(*each));
    }
    BOOST_TEST(verify(good).status == 200u);
}

BOOST_AUTO_TEST_CASE(back_ends_revoke_by_either_token) {
    const auto by_access = json_of(log_in(mint_code("leo")));
    const auto by_refresh = json_of(log_in(mint_code("leo")));
    BOOST_TEST(revoke("token=" + text_of(by_access, "token")).status == 200u);
    BOOST_TEST(
        revoke("token_type_hint=refresh_token&token=" + text_of(by_refresh, "refresh_token")).status == 200u);
    for (const auto* each : {&by_access, &by_refresh}) {
        expect_invalid(verify(*each));
        expect_invalid(refresh(*each));
    }
    for (const auto* unknown : {"token=x", "token=", "token=a.b.c&token_type_hint=nothing"})
        BOOST_TEST(revoke(unknown).status == 200u, unknown);
    for (const auto* wrong : {"", "tok=x", "token=x&token=y", "token=%zz", "token=%ff"})
        BOOST_TEST(revoke(wrong).status == 400u, wrong);
    BOOST_TEST(http_post(internal_address(), "/revoke", R"({"token":"x"})").status == 415u);
    BOOST_TEST(http_post(public_address(), "/revoke", "").status == 404u);
}

BOOST_AUTO_TEST_CASE(an_app_may_allow_only_so_many_sessions_and_the_oldest_goes) {
    deployment_options options;
    options.first_app = "sessions_per_user = 2\n";
    const session_deployment limited{options};
    const auto first = json_of(limited.log_in(limited.mint_code("mia")));
    const auto second = json_of(limited.log_in(limited.mint_code("mia")));
    const auto of_another = json_of(limited.log_in(limited.mint_code("nick")));
    BOOST_TEST(limited.verify(first).status == 200u);
    const auto third = json_of(limited.log_in(limited.mint_code("mia")));
    expect_invalid(limited.verify(first));
    expect_invalid(limited.refresh(first));
    for (const auto* each : {&second, &third, &of_another}) {
        BOOST_TEST(limited.verify(*each).status == 200u);
        BOOST_TEST(limited.refresh(*each).status == 200u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

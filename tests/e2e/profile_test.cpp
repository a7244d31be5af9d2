// Users change what is known of them.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

struct running : deployment {
    std::string bearer_of_login(std::string_view user) const {
        const auto login = json_of(log_in(mint_code(user), "&nickName=First&city=Guangzhou&gender=1"));
        return "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    }
    http_reply change(std::string_view bearer, std::string_view body, std::string_view method = "PATCH") {
        return http_call(public_address(), method, "/me", body, bearer);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(profile, running)

BOOST_AUTO_TEST_CASE(a_change_is_answered_with_the_whole_profile_and_is_there_after_kill_9) {
    const std::string bearer = bearer_of_login("alice");
    const http_reply changed = change(bearer, R"({"nickName":"👩‍🚀","city":null})");
    BOOST_TEST_REQUIRE(changed.status == 200u);
    BOOST_TEST(changed.field("cache-control") == "no-store");
    const auto profile = json_of(changed);
    BOOST_TEST(text_of(profile, "nickName") == "👩‍🚀");
    BOOST_TEST(text_of(profile, "city") == "");
    BOOST_TEST(profile.at("gender").as_int64() == 1);

    kill_wxlogind();
    start_wxlogind();
    BOOST_TEST(http_get(public_address(), "/me", bearer).body == changed.body);
}

BOOST_AUTO_TEST_CASE(post_serves_those_who_have_no_patch) {
    const std::string bearer = bearer_of_login("bob");
    const http_reply changed = change(bearer, R"({"city":"Shenzhen"})", "POST");
    BOOST_TEST_REQUIRE(changed.status == 200u);
    BOOST_TEST(text_of(json_of(changed), "city") == "Shenzhen");
}

BOOST_AUTO_TEST_CASE(the_anonymous_profile_never_takes_the_place_of_a_real_one) {
    const std::string bearer = bearer_of_login("dora");
    const std::string before = http_get(public_address(), "/me", bearer).body;
    constexpr std::string_view anonymous =
        "&nickName=%E5%BE%AE%E4%BF%A1%E7%94%A8%E6%88%B7&gender=0&city=&avatarUrl=https%3A%2F%2Fthirdwx.qlogo."
        "cn"
        "%2Fmmopen%2Fvi_32%2FPOgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6g"
        "rC9VemZoJ8rg%2F132";
    const auto again = log_in(mint_code("dora"), anonymous);
    BOOST_TEST_REQUIRE(again.status == 200u);
    BOOST_TEST(http_get(public_address(), "/me", bearer).body == before);

    const http_reply changed = change(bearer, R"({"nickName":"微信用户","gender":0,"city":""})");
    BOOST_TEST(changed.status == 200u);
    BOOST_TEST(changed.body == before);
    // Nor is it anybody's first one.
    const auto fresh = json_of(log_in(mint_code("nobody"), anonymous));
    const auto me = json_of(
        http_get(public_address(), "/me", "Authorization: Bearer " + text_of(fresh, "token") + "\r\n"));
    BOOST_TEST(text_of(me, "nickName") == "");
    BOOST_TEST(text_of(me, "avatarUrl") == "");
}

BOOST_AUTO_TEST_CASE(a_nickname_is_kept_as_it_can_be_seen) {
    const std::string bearer = bearer_of_login("eve");
    const http_reply changed = change(bearer, R"({"nickName":" \u202eEve\u200b\u3000"})");
    BOOST_TEST_REQUIRE(changed.status == 200u);
    BOOST_TEST(text_of(json_of(changed), "nickName") == "Eve");
}

BOOST_AUTO_TEST_CASE(what_is_refused_changes_nothing) {
    const std::string bearer = bearer_of_login("carol");
    const std::string before = http_get(public_address(), "/me", bearer).body;
    for (const std::string_view body :
         {"", "{}", "[]", R"({"city":1})", R"({"city":"x","gender":9})", R"({"city":"x","city":"y"})",
          R"({"city":"x\u0000"})", R"({"city":"x"}x)"}) {
        const http_reply refused = change(bearer, body);
        BOOST_TEST_CONTEXT(body) BOOST_TEST(refused.status == 400u);
        BOOST_TEST(text_of(json_of(refused), "code") == "invalid_request");
    }
    for (const std::string_view bad : {"", "Authorization: Bearer x\r\n"}) {
        const http_reply refused = change(bad, R"({"city":"x"})");
        BOOST_TEST(refused.status == 401u);
        BOOST_TEST(text_of(json_of(refused), "code") == "invalid_token");
    }
    BOOST_TEST(change(bearer + bearer, R"({"city":"x"})").status == 401u);
    const http_reply form = http_call(public_address(), "PUT", "/me", R"({"city":"x"})", bearer);
    BOOST_TEST(form.status == 405u);
    BOOST_TEST(form.field("allow") == "GET, HEAD, POST, PATCH, DELETE, OPTIONS");
    BOOST_TEST(http_get(public_address(), "/me", bearer).body == before);
}

BOOST_AUTO_TEST_SUITE_END()

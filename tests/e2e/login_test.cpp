// The promise of the product: a code of wx.login becomes a user, for good.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <thread>

using namespace wxlogind::test;

namespace {

struct running : deployment {
    std::string bearer(const boost::json::object& login) const {
        return "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    }
};

// As wx.request sends it by default, letter for letter.
std::string request_of_2019(std::string_view code) {
    std::string text{"GET /login?code="};
    text += code;
    text += "&nickName=%E5%BC%A0%E4%B8%89&city=Guangzhou&province=Guangdong"
            "&avatarUrl=https%3A%2F%2Fthirdwx.qlogo.cn%2Fmmopen%2Fvi_32%2F0 HTTP/1.1\r\n"
            "Host: login.example.com\r\n"
            "content-type: application/json\r\n"
            "Referer: https://servicewechat.com/wx0123456789abcdef/devtools/page-frame.html\r\n"
            "User-Agent: Mozilla/5.0 MicroMessenger/8.0\r\n"
            "Accept-Encoding: gzip, deflate, br\r\n\r\n";
    return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(login, running)

BOOST_AUTO_TEST_CASE(the_request_that_wx_request_sends_by_default_logs_in) {
    const http_reply reply = http_connection{public_address()}.exchange(request_of_2019(mint_code("alice")));
    BOOST_TEST_REQUIRE(reply.status == 200u);
    BOOST_TEST(reply.field("content-type") == "application/json");
    BOOST_TEST(reply.field("cache-control") == "no-store");
    BOOST_TEST(!reply.field("x-request-id").empty());

    const auto login = json_of(reply);
    BOOST_TEST(text_of(login, "id").size() == 36u);
    BOOST_TEST(text_of(login, "token_type") == "Bearer");
    BOOST_TEST(login.at("expires_in").as_int64() == 7200);
    BOOST_TEST(login.at("refresh_expires_in").as_int64() == 2592000);
    BOOST_TEST(login.at("is_new").as_bool());
    BOOST_TEST(!text_of(login, "refresh_token").empty());
    BOOST_TEST(!text_of(login, "openid").empty());
    BOOST_TEST(!text_of(login, "unionid").empty());
    BOOST_TEST(!login.contains("session_key"));

    const http_reply me = http_get(public_address(), "/me", bearer(login));
    BOOST_TEST_REQUIRE(me.status == 200u);
    const auto profile = json_of(me);
    BOOST_TEST(text_of(profile, "id") == text_of(login, "id"));
    BOOST_TEST(text_of(profile, "nickName") == "张三");
    BOOST_TEST(text_of(profile, "city") == "Guangzhou");
    BOOST_TEST(text_of(profile, "province") == "Guangdong");
    BOOST_TEST(text_of(profile, "avatarUrl") == "https://thirdwx.qlogo.cn/mmopen/vi_32/0");
}

BOOST_AUTO_TEST_CASE(the_same_user_keeps_the_id_and_what_was_not_sent_again) {
    const auto first = json_of(log_in(mint_code("bob"), "&nickName=Bob&city=Shenzhen"));
    const auto second = json_of(log_in(mint_code("bob"), "&nickName=Bobby"));
    BOOST_TEST(text_of(first, "id") == text_of(second, "id"));
    BOOST_TEST(first.at("is_new").as_bool());
    BOOST_TEST(!second.at("is_new").as_bool());
    BOOST_TEST(text_of(first, "token") != text_of(second, "token"));

    const auto profile = json_of(http_get(public_address(), "/me", bearer(second)));
    BOOST_TEST(text_of(profile, "nickName") == "Bobby");
    BOOST_TEST(text_of(profile, "city") == "Shenzhen");
}

BOOST_AUTO_TEST_CASE(a_post_of_json_logs_in_and_keeps_emoji_exactly) {
    const std::string code = mint_code("carol");
    const http_reply reply = http_post(
        public_address(), "/login",
        R"({"code":")" + code + R"(","nickName":"👩‍🚀 \"C\" ","gender":2})");
    BOOST_TEST_REQUIRE(reply.status == 200u);
    const auto profile = json_of(http_get(public_address(), "/me", bearer(json_of(reply))));
    BOOST_TEST(text_of(profile, "nickName") == "👩‍🚀 \"C\"");
    BOOST_TEST(profile.at("gender").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(a_login_is_still_there_after_kill_9) {
    const auto before = json_of(log_in(mint_code("dave"), "&nickName=Dave"));
    kill_wxlogind();
    start_wxlogind();
    const http_reply me = http_get(public_address(), "/me", bearer(before));
    BOOST_TEST_REQUIRE(me.status == 200u);
    BOOST_TEST(text_of(json_of(me), "nickName") == "Dave");
    const auto after = json_of(log_in(mint_code("dave")));
    BOOST_TEST(text_of(after, "id") == text_of(before, "id"));
    BOOST_TEST(!after.at("is_new").as_bool());
}

BOOST_AUTO_TEST_CASE(verify_lets_a_valid_token_through_and_says_whose_it_is) {
    const auto login = json_of(log_in(mint_code("erin")));
    const http_reply valid = http_get(internal_address(), "/verify", bearer(login));
    BOOST_TEST_REQUIRE(valid.status == 200u);
    BOOST_TEST(valid.field("x-user-id") == text_of(login, "id"));
    BOOST_TEST(valid.field("x-app-id") == first_appid);
    BOOST_TEST(valid.field("x-openid") == text_of(login, "openid"));
    BOOST_TEST(!valid.field("x-session-id").empty());

    const http_reply none = http_get(internal_address(), "/verify");
    const http_reply forged = http_get(internal_address(), "/verify", "Authorization: Bearer a.b.c\r\n");
    BOOST_TEST(none.status == 401u);
    BOOST_TEST(forged.status == 401u);
    BOOST_TEST(none.field("www-authenticate") == R"(Bearer error="invalid_token")");
    BOOST_TEST(forged.field("www-authenticate") == none.field("www-authenticate"));

    BOOST_TEST(http_get(public_address(), "/verify", bearer(login)).status == 404u);
    BOOST_TEST(http_get(internal_address(), "/login?code=x").status == 404u);
}

BOOST_AUTO_TEST_CASE(sixty_four_first_logins_at_once_make_one_user) {
    for (int round = 0; round < 12; ++round) {
        const std::string user = "frank" + std::to_string(round);
        std::vector<std::string> codes;
        for (int i = 0; i < 64; ++i) codes.push_back(mint_code(user));
        std::vector<http_reply> replies(codes.size());
        {
            std::vector<std::jthread> clients;
            for (std::size_t i = 0; i < codes.size(); ++i)
                clients.emplace_back([&, i] { replies[i] = log_in(codes[i]); });
        }
        int made = 0;
        for (const http_reply& each : replies) {
            BOOST_TEST_REQUIRE(each.status == 200u);
            const auto login = json_of(each);
            BOOST_TEST(text_of(login, "id") == text_of(json_of(replies[0]), "id"));
            if (login.at("is_new").as_bool()) ++made;
        }
        BOOST_TEST(made == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_unionid_is_one_user_in_both_apps) {
    deployment_options options;
    options.two_apps = true;
    const deployment two{options};
    const auto in_first = json_of(two.log_in(two.mint_code("grace"), "&appid=" + std::string{first_appid}));
    const auto in_second =
        json_of(two.log_in(two.mint_code("grace", second_appid), "&appid=" + std::string{second_appid}));
    BOOST_TEST(text_of(in_first, "unionid") == text_of(in_second, "unionid"));
    BOOST_TEST(text_of(in_first, "openid") != text_of(in_second, "openid"));
    BOOST_TEST(text_of(in_first, "id") == text_of(in_second, "id"));
    BOOST_TEST(in_first.at("is_new").as_bool());
    BOOST_TEST(!in_second.at("is_new").as_bool());
    const http_reply valid = http_get(two.internal_address(), "/verify", bearer(in_second));
    BOOST_TEST(valid.field("x-app-id") == second_appid);
}

BOOST_AUTO_TEST_SUITE_END()

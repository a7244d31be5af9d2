#include "core/wechat/api_reply.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::wechat;
using namespace std::chrono_literals;

namespace {

std::string_view code_of(const result<void>& checked) {
    return checked ? std::string_view{"fine"} : to_string(checked.error().code);
}

result<void> check_it(unsigned status, std::string_view body) {
    return check_api_response(status, body, wechat_call::with_token);
}

constexpr steady_clock::time_point asked{std::chrono::hours{1000}};

} // namespace

BOOST_AUTO_TEST_SUITE(api_reply)

BOOST_AUTO_TEST_CASE(success_is_an_object_whose_errcode_is_absent_or_0) {
    for (const auto* body :
         {"{}", R"({"errcode":0,"errmsg":"ok"})", R"({"errcode":null})", R"({"x":[1,{}]})"})
        BOOST_TEST(code_of(check_it(200, body)) == "fine");
}

BOOST_AUTO_TEST_CASE(an_errcode_is_passed_on) {
    const auto checked = check_it(200, R"({"errcode":45009,"errmsg":"text"})");
    BOOST_TEST(code_of(checked) == "rate_limited");
    BOOST_TEST(checked.error().wechat_errcode == 45009);
    BOOST_TEST(check_it(200, R"({"errcode":-1})").error().wechat_errcode == -1);
}

BOOST_AUTO_TEST_CASE(whatever_else_comes_is_a_bad_answer_and_not_repeated) {
    for (const std::string& body :
         {std::string{}, std::string{"null"}, std::string{"[]"}, std::string{"{"}, std::string{"{}x"},
          std::string{R"({"errcode":"0"})"}, std::string{R"({"errcode":0.5})"},
          std::string{R"({"errcode":99999999999})"}, std::string{R"({"errcode":0,"errcode":1})"},
          std::string{"<html>s3cret</html>"}, "{\"x\":\"" + std::string(70'000, 'x') + "\"}"}) {
        const auto checked = check_it(200, body);
        BOOST_TEST(code_of(checked) == "wechat_bad_answer");
        BOOST_TEST(checked.error().wechat_errcode == 0);
        BOOST_TEST(checked.error().detail.find("s3cret") == std::string::npos);
    }
    for (const unsigned status : {201u, 301u, 404u, 412u, 500u, 502u})
        BOOST_TEST(code_of(check_it(status, "{}")) == "wechat_bad_answer");
    BOOST_TEST(code_of(check_it(429, "")) == "rate_limited");
}

BOOST_AUTO_TEST_CASE(a_token_lives_from_the_moment_in_which_it_was_asked_for) {
    const auto token = parse_token_reply(R"({"access_token":"A_b-1","expires_in":7200})", asked);
    BOOST_TEST_REQUIRE(token.has_value());
    BOOST_TEST(token->text.reveal() == "A_b-1");
    BOOST_TEST((token->expires == asked + 7200s));
}

BOOST_AUTO_TEST_CASE(a_token_reply_without_a_proper_token_is_a_bad_answer) {
    for (const std::string& body :
         {std::string{R"({"access_token":"","expires_in":7200})"},
          std::string{R"({"access_token":"a b","expires_in":7200})"},
          std::string{R"({"access_token":"a\u0000b","expires_in":7200})"},
          std::string{R"({"access_token":"a\r\nX: y","expires_in":7200})"},
          R"({"access_token":")" + std::string(4097, 'a') + R"(","expires_in":7200})",
          std::string{R"({"access_token":7,"expires_in":7200})"}, std::string{R"({"expires_in":7200})"},
          std::string{R"({"access_token":"a"})"}, std::string{R"({"access_token":"a","expires_in":0})"},
          std::string{R"({"access_token":"a","expires_in":"7200"})"},
          std::string{R"({"access_token":"a","expires_in":86401})"}}) {
        const auto token = parse_token_reply(body, asked);
        BOOST_TEST_REQUIRE(token.has_error());
        BOOST_TEST(to_string(token.error().code) == "wechat_bad_answer");
    }
}

BOOST_AUTO_TEST_SUITE_END()

#include "handlers/forms/login_form.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::handlers;

namespace {

result<login_form> from_query(std::string_view query) {
    net::request incoming;
    incoming.verb = net::method::get;
    incoming.query = query;
    return parse_login_form(incoming);
}

result<login_form> from_body(std::string_view body, std::string_view content_type = "application/json") {
    net::request incoming;
    incoming.verb = net::method::post;
    incoming.content_type = content_type;
    incoming.body = body;
    return parse_login_form(incoming);
}

// "code_name: detail" of the failure, or "ok".
std::string outcome(const result<login_form>& form) {
    if (form) return "ok";
    return std::string{to_string(form.error().code)} + ": " + form.error().detail;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(login_form)

BOOST_AUTO_TEST_CASE(the_query_that_wx_request_writes_is_read_whole) {
    const auto form = from_query(
        "code=051v0m000ObAyK19vV1005SDWf0v0m0s&nickName=%E5%BC%A0%E4%B8%89&city=Guangzhou&province=Guangdong"
        "&avatarUrl=https%3A%2F%2Fthirdwx.qlogo.cn%2Fmmopen%2Fvi_32%2F0");
    BOOST_TEST_REQUIRE(outcome(form) == "ok");
    BOOST_TEST(form->code == "051v0m000ObAyK19vV1005SDWf0v0m0s");
    BOOST_TEST(form->profile.nick_name.value() == "张三");
    BOOST_TEST(form->profile.city.value() == "Guangzhou");
    BOOST_TEST(form->profile.province.value() == "Guangdong");
    BOOST_TEST(form->profile.avatar_url.value() == "https://thirdwx.qlogo.cn/mmopen/vi_32/0");
    BOOST_TEST(!form->profile.country.has_value());
    BOOST_TEST(!form->profile.gender.has_value());
}

BOOST_AUTO_TEST_CASE(the_json_of_a_post_is_read_whole) {
    const auto form = from_body(
        R"({"code":"0abc","appid":"wx1","nickName":"👩‍🚀 \"A\"","gender":1,"country":"CN","language":"zh_CN","x":[{}]})");
    BOOST_TEST_REQUIRE(outcome(form) == "ok");
    BOOST_TEST(form->appid == "wx1");
    BOOST_TEST(form->profile.nick_name.value() == "👩‍🚀 \"A\"");
    BOOST_TEST(form->profile.gender.value() == 1);
    BOOST_TEST(form->profile.country.value() == "CN");
    BOOST_TEST(form->profile.language.value() == "zh_CN");
}

BOOST_AUTO_TEST_CASE(undefined_null_and_empty_texts_change_nothing) {
    const auto query = from_query("code=0abc&nickName=undefined&city=null&province=&gender=&appid=undefined");
    BOOST_TEST_REQUIRE(outcome(query) == "ok");
    BOOST_TEST(query->profile.empty());
    BOOST_TEST(query->appid.empty());
    const auto body = from_body(R"({"code":"0abc","nickName":null,"city":"","gender":null})");
    BOOST_TEST_REQUIRE(outcome(body) == "ok");
    BOOST_TEST(body->profile.empty());
}

BOOST_AUTO_TEST_CASE(a_plus_stays_a_plus_and_a_percent_20_is_a_space) {
    const auto form = from_query("code=0abc&nickName=a+b%20c");
    BOOST_TEST_REQUIRE(outcome(form) == "ok");
    BOOST_TEST(form->profile.nick_name.value() == "a+b c");
}

BOOST_AUTO_TEST_CASE(a_code_that_is_missing_or_is_none_is_refused_by_name) {
    const std::string missing = "invalid_request: code: missing; send what wx.login gave";
    BOOST_TEST(outcome(from_query("")) == missing);
    BOOST_TEST(outcome(from_query("code=")) == missing);
    BOOST_TEST(outcome(from_query("code=undefined")) == missing);
    BOOST_TEST(outcome(from_query("code=null")) == missing);
    BOOST_TEST(outcome(from_body("{}")) == missing);
    BOOST_TEST(outcome(from_body(R"({"code":null})")) == missing);
    BOOST_TEST(outcome(from_body(R"({"code":"undefined"})")) == missing);
    BOOST_TEST(outcome(from_query("code=" + repeated("a", 128))) == "ok");
    BOOST_TEST(
        outcome(from_query("code=" + repeated("a", 129))) == "invalid_request: code: over 128 characters");
    BOOST_TEST(
        outcome(from_query("code=a%26secret%3Db")) ==
        "invalid_request: code: characters that no code of wx.login has");
    BOOST_TEST(
        outcome(from_query("code=the%20code%20is%20a%20mock%20one")) ==
        "invalid_request: code: the developer tools' mock code; open the project with a real AppID");
}

BOOST_AUTO_TEST_CASE(malformed_queries_are_refused_by_the_name_of_the_field) {
    BOOST_TEST(outcome(from_query("code=%zz")) == "invalid_request: code: broken percent-encoding");
    BOOST_TEST(outcome(from_query("code=a&city=%E4%B")) == "invalid_request: city: broken percent-encoding");
    BOOST_TEST(outcome(from_query("code=a&city=%ff%fe")) == "invalid_request: city: not UTF-8");
    BOOST_TEST(outcome(from_query("code=a&code=b")) == "invalid_request: code: given more than once");
    BOOST_TEST(outcome(from_query("code=a&%00%0a=%zz")) == "invalid_request: query: broken percent-encoding");
    BOOST_TEST(outcome(from_query(repeated("a=b&", 65))) == "invalid_request: query: more than 64 fields");
}

BOOST_AUTO_TEST_CASE(malformed_bodies_are_refused) {
    for (const std::string_view body :
         {"", "code=0abc", "{", "[]", "\"code\"", "null", "{\"code\":\"a\"} x", "{\"code\":\"\xff\"}",
          "{\"code\":\"\\ud800\"}"}) {
        const auto form = from_body(body);
        BOOST_TEST_CONTEXT(body) {
            BOOST_TEST(outcome(form).starts_with("invalid_request: body: "));
        }
    }
    BOOST_TEST(outcome(from_body(repeated("[", 5000))).starts_with("invalid_request: body: "));
    BOOST_TEST(outcome(from_body("{\"code\":" + repeated("[", 40) + repeated("]", 40) + "}"))
                   .starts_with("invalid_request: body: "));
    BOOST_TEST(outcome(from_body(R"({"code":"a","code":"b"})")).starts_with("invalid_request: body: "));
}

BOOST_AUTO_TEST_CASE(members_of_the_wrong_type_are_refused_by_name) {
    BOOST_TEST(
        outcome(from_body(R"({"code":["a"]})")) == R"(invalid_request: body: member "code" is not a string)");
    BOOST_TEST(
        outcome(from_body(R"({"code":true})")) == R"(invalid_request: body: member "code" is not a string)");
    BOOST_TEST(
        outcome(from_body(R"({"code":"a","nickName":{}})")) ==
        R"(invalid_request: body: member "nickName" is not a string)");
    BOOST_TEST(
        outcome(from_body(R"({"code":"a","gender":1.5})")) ==
        R"(invalid_request: body: member "gender" is not a string)");
}

BOOST_AUTO_TEST_CASE(a_post_has_to_be_json) {
    const auto form = from_body("code=0abc", "application/x-www-form-urlencoded");
    BOOST_TEST(outcome(form) == "unsupported_media_type: Content-Type: send application/json");
    BOOST_TEST(outcome(from_body("{}", "")) == "unsupported_media_type: Content-Type: send application/json");
}

BOOST_AUTO_TEST_CASE(profile_texts_are_bounded_in_characters_not_in_bytes) {
    const std::string emoji_64 = repeated("😀", 64);
    const auto kept = from_body(R"({"code":"a","nickName":")" + emoji_64 + R"("})");
    BOOST_TEST_REQUIRE(outcome(kept) == "ok");
    BOOST_TEST(kept->profile.nick_name.value() == emoji_64);
    BOOST_TEST(
        outcome(from_body(R"({"code":"a","nickName":")" + emoji_64 + R"(😀"})")) ==
        "invalid_request: nickName: over 64 characters");
    BOOST_TEST(
        outcome(from_body(R"({"code":"a","avatarUrl":")" + repeated("a", 1025) + R"("})")) ==
        "invalid_request: avatarUrl: over 1024 characters");
    BOOST_TEST(
        outcome(from_query("code=a&language=" + repeated("a", 17))) ==
        "invalid_request: language: over 16 characters");
    BOOST_TEST(
        outcome(from_body(R"({"code":"a","city":"a\u0000b"})")) ==
        "invalid_request: city: control characters");
}

BOOST_AUTO_TEST_CASE(gender_is_one_of_three_numbers_as_text_or_number) {
    BOOST_TEST(from_query("code=a&gender=2")->profile.gender.value() == 2);
    BOOST_TEST(from_body(R"({"code":"a","gender":"0"})")->profile.gender.value() == 0);
    const std::string refused = "invalid_request: gender: neither 0 (unknown), 1 (male) nor 2 (female)";
    BOOST_TEST(outcome(from_query("code=a&gender=3")) == refused);
    BOOST_TEST(outcome(from_query("code=a&gender=male")) == refused);
    BOOST_TEST(outcome(from_body(R"({"code":"a","gender":-1})")) == refused);
}

BOOST_AUTO_TEST_SUITE_END()

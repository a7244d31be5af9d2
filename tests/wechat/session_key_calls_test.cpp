#include "core/wechat/session_key_calls.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::wechat;
using namespace std::chrono_literals;

namespace {

const std::string openid{"oEXAMPLE00000000000000000001"};

std::string one_key(std::string_view members) {
    return R"({"errcode":0,"errmsg":"ok","key_info_list":[{)" + std::string{members} + "}]}";
}

template <class T>
std::string_view code_of(const result<T>& parsed) {
    return parsed ? std::string_view{"fine"} : to_string(parsed.error().code);
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_key_calls)

BOOST_AUTO_TEST_CASE(the_official_example_is_signed_as_documented) {
    const secret key{std::string_view{"o0q0otL8aEzpcZL/FT9WsQ=="}};
    BOOST_TEST(
        sign_with_session_key(key, R"({"foo":"bar"})") ==
        "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b");
    BOOST_TEST(
        sign_with_session_key(key, "") == "46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128");
}

BOOST_AUTO_TEST_CASE(a_reset_gives_the_key_of_the_user_who_was_asked_about_and_no_other) {
    const auto key = parse_reset_reply(
        R"({"errcode":0,"openid":")" + openid + R"(","session_key":"AAEC\/wQFBgcICQoLDA0O\/w=="})", openid);
    BOOST_TEST_REQUIRE(key.has_value());
    BOOST_TEST(key->reveal() == "AAEC/wQFBgcICQoLDA0O/w==");
    for (const std::string& body :
         {std::string{R"({"openid":"oOTHER","session_key":"AAEC/wQFBgcICQoLDA0O/w=="})"},
          std::string{R"({"session_key":"AAEC/wQFBgcICQoLDA0O/w=="})"}, R"({"openid":")" + openid + R"("})",
          R"({"openid":")" + openid + R"(","session_key":"AAEC"})",
          R"({"openid":")" + openid + R"(","session_key":"AAEC/wQFBgcICQoLDA0O/x=="})", std::string{"[]"}})
        BOOST_TEST(code_of(parse_reset_reply(body, openid)) == "wechat_bad_answer");
}

BOOST_AUTO_TEST_CASE(the_documented_keys_are_read) {
    const auto keys = parse_encrypt_keys_reply(one_key(
        R"("encrypt_key":"VI6BpyrK9XH4i4AIGe86tg==","version":10,"expire_in":3597,"iv":"6003f73ec441c386","create_time":1616572301)"));
    BOOST_TEST_REQUIRE(keys.has_value());
    BOOST_TEST_REQUIRE(keys->size() == 1u);
    const user_encrypt_key& key = keys->front();
    BOOST_TEST(key.key.reveal() == "VI6BpyrK9XH4i4AIGe86tg==");
    BOOST_TEST(key.iv == "6003f73ec441c386");
    BOOST_TEST(key.version == 10);
    BOOST_TEST((key.expires_in == 3597s));
    BOOST_TEST(key.created.time_since_epoch().count() == 1616572301);
    BOOST_TEST(parse_encrypt_keys_reply(R"({"key_info_list":[]})")->empty());
}

BOOST_AUTO_TEST_CASE(keys_of_another_form_are_a_bad_answer) {
    std::string many{R"({"key_info_list":[)"};
    for (int i = 0; i < 17; ++i) many += i == 0 ? "{}" : ",{}";
    many += "]}";
    const std::string rest{R"(,"version":1,"expire_in":1,"create_time":1)"};
    for (const std::string& body :
         {std::string{"{}"}, std::string{R"({"key_info_list":{}})"}, std::string{R"({"key_info_list":[1]})"},
          many, one_key(R"("encrypt_key":"short","iv":"6003f73ec441c386")" + rest),
          one_key(R"("encrypt_key":"VI6BpyrK9XH4i4AIGe86tg==","iv":"6003")" + rest),
          one_key(R"("encrypt_key":"VI6BpyrK9XH4i4AIGe86tg==","iv":"6003f73ec441c38\n")" + rest),
          one_key(R"("encrypt_key":"VI6BpyrK9XH4i4AIGe86tg==","iv":"6003f73ec441c386")")})
        BOOST_TEST(code_of(parse_encrypt_keys_reply(body)) == "wechat_bad_answer");
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/wechat/code2session_reply.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

using namespace wxlogind;
using namespace wxlogind::wechat;

namespace {

const std::string key = "AAECAwQFBgcICQoLDA0ODw==";
const std::string openid = "oEXAMPLE00000000000000000001";

std::string success(const std::string& more = "") {
    return R"({"session_key":")" + key + R"(","openid":")" + openid + '"' + more + '}';
}

struct answer {
    int errcode;
    errc means;
};
std::ostream& operator<<(std::ostream& out, const answer& a) {
    return out << a.errcode;
}

// Every errcode that WeChat's page names for this call, and some that it does not.
const answer answers[] = {{-1, errc::wechat_unavailable},       {40029, errc::code_rejected},
                          {40163, errc::code_rejected},         {40226, errc::user_blocked},
                          {45011, errc::rate_limited},          {45009, errc::rate_limited},
                          {40013, errc::wechat_misconfigured},  {40125, errc::wechat_misconfigured},
                          {41002, errc::wechat_misconfigured},  {41004, errc::wechat_misconfigured},
                          {40164, errc::wechat_misconfigured},  {40243, errc::wechat_misconfigured},
                          {41008, errc::wechat_misconfigured},  {40002, errc::wechat_misconfigured},
                          {42003, errc::code_rejected},         {50001, errc::user_blocked},
                          {48006, errc::wechat_misconfigured},  {40098, errc::wechat_bad_answer},
                          {2147483647, errc::wechat_bad_answer}};

struct body_and_name {
    const char* name;
    std::string body;
};
std::ostream& operator<<(std::ostream& out, const body_and_name& b) {
    return out << b.name;
}

std::string with_openid(const std::string& json_text) {
    return R"({"session_key":")" + key + R"(","openid":)" + json_text + "}";
}
std::string with_session_key(const std::string& json_text) {
    return R"({"openid":")" + openid + R"(","session_key":)" + json_text + "}";
}

const body_and_name malformed[] = {
    {"empty", ""},
    {"white space", "  \n"},
    {"null", "null"},
    {"a number", "0"},
    {"an array", "[]"},
    {"an array of an answer", "[" + success() + "]"},
    {"an empty object", "{}"},
    {"cut", success().substr(0, 40)},
    {"two objects", success() + success()},
    {"text after the object", success() + "x"},
    {"NUL after the object", success() + std::string(1, '\0')},
    {"a byte order mark", "\xEF\xBB\xBF" + success()},
    {"HTML", "<html><body>502</body></html>"},
    {"errcode as text", R"({"errcode":"40029","errmsg":"x"})"},
    {"errcode as text on success", success(R"(,"errcode":"0")")},
    {"errcode as fraction", R"({"errcode":40029.5})"},
    {"errcode as null", success(R"(,"errcode":null)")},
    {"errcode beyond int", R"({"errcode":4294967296})"},
    {"errcode beyond int64", R"({"errcode":18446744073709551615})"},
    {"errcode beyond double", R"({"errcode":1e400})"},
    {"errcode twice", R"({"errcode":0,"errcode":40029})"},
    {"openid twice", success(R"(,"openid":"oOTHER")")},
    {"openid twice, once escaped", success(R"(,"open\u0069d":"oOTHER")")},
    {"session_key twice", success(R"(,"session_key":")" + key + "\"")},
    {"unionid twice", success(R"(,"unionid":"a","unionid":"b")")},
    {"no openid", R"({"session_key":")" + key + "\"}"},
    {"openid only deeper", R"({"session_key":")" + key + R"(","x":{"openid":"o1"}})"},
    {"empty openid", with_openid("\"\"")},
    {"openid as number", with_openid("17")},
    {"openid as null", with_openid("null")},
    {"openid as object", with_openid(R"({"openid":"o1"})")},
    {"openid as array", with_openid(R"(["o1"])")},
    {"NUL in openid", with_openid(R"("o\u0000x")")},
    {"raw NUL in openid", with_openid(std::string("\"o\0x\"", 5))},
    {"openid of 129", with_openid('"' + std::string(129, 'o') + '"')},
    {"openid of 10 KB", with_openid('"' + std::string(10240, 'o') + '"')},
    {"space in openid", with_openid("\"o x\"")},
    {"line end in openid", with_openid(R"("o\r\nx")")},
    {"invalid UTF-8 in openid", with_openid("\"o\xC3\x28\"")},
    {"invalid UTF-8 elsewhere", success(",\"x\":\"\xFF\"")},
    {"a lone surrogate", success(R"(,"x":"\ud800")")},
    {"no session_key", R"({"openid":")" + openid + "\"}"},
    {"empty session_key", with_session_key("\"\"")},
    {"session_key of 23", with_session_key("\"" + key.substr(1) + "\"")},
    {"session_key of 25", with_session_key("\"A" + key + "\"")},
    {"session_key of 17 bytes", with_session_key("\"AAECAwQFBgcICQoLDA0ODxA=\"")},
    {"unused bits in session_key", with_session_key("\"AAECAwQFBgcICQoLDA0ODx==\"")},
    {"url alphabet in session_key", with_session_key("\"AAECAwQFBg-ICQoLDA0ODw==\"")},
    {"session_key as number", with_session_key("1")},
    {"unionid as number", success(R"(,"unionid":1)")},
    {"space in unionid", success(R"(,"unionid":"a b")")},
    {"too deep", success(",\"x\":" + std::string(1000, '[') + std::string(1000, ']'))},
    {"10 MB", success(",\"x\":\"" + std::string(10 << 20, 'x') + "\"")},
};

} // namespace

BOOST_AUTO_TEST_SUITE(code2session_reply)

BOOST_AUTO_TEST_CASE(a_success_as_wechat_writes_it_is_read) {
    const auto reply = parse_code2session_reply(
        R"({"session_key":"AAEC\/wQFBgcICQoLDA0O\/w==","openid":"oEXAMPLE00000000000000000001",)"
        R"("unionid":"oUNION0000000000000000000001"})");
    BOOST_TEST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->session_key.reveal() == "AAEC/wQFBgcICQoLDA0O/w==");
    BOOST_TEST(reply->openid == "oEXAMPLE00000000000000000001");
    BOOST_TEST(reply->unionid.value() == "oUNION0000000000000000000001");
}

BOOST_AUTO_TEST_CASE(what_may_be_missing_or_more_does_not_matter) {
    for (const char* const more :
         {"", R"(,"unionid":"")", R"(,"unionid":null)", R"(,"errcode":0,"errmsg":"ok")",
          R"(,"expires_in":7200)", R"(,"x":{"openid":"other","errcode":1,"unionid":"u"})",
          R"(,"y":[1,"a",{"session_key":2}])", R"(,"errcodes":1)"}) {
        const auto reply = parse_code2session_reply(" \r\n" + success(more) + "\n");
        BOOST_TEST_CONTEXT(more) {
            BOOST_TEST_REQUIRE(reply.has_value());
            BOOST_TEST(reply->openid == openid);
            BOOST_TEST(!reply->unionid.has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_openid_of_128_characters_is_taken) {
    const auto reply = parse_code2session_reply(with_openid('"' + std::string(128, 'o') + '"'));
    BOOST_TEST_REQUIRE(reply.has_value());
    BOOST_TEST(reply->openid.size() == 128u);
}

BOOST_DATA_TEST_CASE(every_errcode_has_one_meaning, boost::unit_test::data::make(answers), expected) {
    const auto reply = parse_code2session_reply(
        R"({"errcode":)" + std::to_string(expected.errcode) +
        R"(,"errmsg":"text, rid: 66c69111-4157f271-729ca238"})");
    BOOST_TEST_REQUIRE(reply.has_error());
    BOOST_TEST(to_string(reply.error().code) == to_string(expected.means));
    BOOST_TEST(reply.error().wechat_errcode == expected.errcode);
    BOOST_TEST(reply.error().detail.find("rid") == std::string::npos);
}

BOOST_DATA_TEST_CASE(whatever_else_is_a_bad_answer, boost::unit_test::data::make(malformed), sample) {
    const auto reply = parse_code2session_reply(sample.body);
    BOOST_TEST_REQUIRE(reply.has_error());
    BOOST_TEST(to_string(reply.error().code) == "wechat_bad_answer");
    BOOST_TEST(reply.error().wechat_errcode == 0);
    BOOST_TEST(reply.error().detail.find(openid) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_status_other_than_200_is_never_a_success) {
    BOOST_TEST(read_code2session_response(200, success()).has_value());
    const auto code = [](unsigned status) {
        return read_code2session_response(status, success()).error().code;
    };
    BOOST_TEST((code(204) == errc::wechat_bad_answer));
    BOOST_TEST((code(301) == errc::wechat_bad_answer));
    BOOST_TEST((code(412) == errc::wechat_bad_answer));
    BOOST_TEST((code(429) == errc::rate_limited));
    BOOST_TEST((code(500) == errc::code_rejected));
    BOOST_TEST((code(502) == errc::code_rejected));
    BOOST_TEST((code(503) == errc::code_rejected));
}

BOOST_AUTO_TEST_SUITE_END()

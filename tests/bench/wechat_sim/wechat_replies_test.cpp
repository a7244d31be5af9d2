#include "bench/wechat-sim/replies.hpp"
#include "bench/wechat-sim/wire/date_text.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::wechat_sim;

namespace {

constexpr request_id id{0x66c69111, 0x4157f271, 0x729ca238};
constexpr unix_millis then{std::chrono::milliseconds{0x66c69111LL * 1000 + 999}};

std::string error_body(int errcode) {
    return error_answer(errcode, endpoint_family::sns, id, {}, "192.0.2.7").body;
}

// A login whose key has slashes in it.
exchange_outcome login_with_slashes() {
    exchange_outcome login;
    for (std::uint64_t seed = 0; login.key.text().find('/') == std::string_view::npos; ++seed)
        login.key = session_key{seed};
    login.openid = platform_id{1};
    login.unionid = platform_id{2};
    return login;
}

std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wechat_replies)

BOOST_AUTO_TEST_CASE(an_invalid_code_is_answered_with_the_74_bytes_that_were_seen) {
    const std::string body = error_body(errcode::invalid_code);
    BOOST_TEST(body == R"({"errcode":40029,"errmsg":"invalid code, rid: 66c69111-4157f271-729ca238"})");
    BOOST_TEST(body.size() == 74u);
}

BOOST_AUTO_TEST_CASE(every_errcode_has_its_text) {
    const std::pair<int, std::string_view> expected[] = {
        {-1, "system error"},
        {40002, "invalid grant_type"},
        {40013, "invalid appid"},
        {40029, "invalid code"},
        {40066, "invalid url"},
        {40125, "invalid appsecret"},
        {40163, "code been used"},
        {40164, "invalid ip 192.0.2.7 ipv6 ::ffff:192.0.2.7, not in whitelist"},
        {40226, "code blocked"},
        {40243, "AppSecret frozen"},
        {41002, "appid missing"},
        {41004, "appsecret missing"},
        {41008, "missing code"},
        {43001, "require GET method"},
        {45009, "reach max api daily quota limit"},
        {45011, "api minute-quota reach limit, must slower, retry next minute"},
    };
    for (const auto& [number, text] : expected)
        BOOST_TEST(
            error_body(number) == "{\"errcode\":" + std::to_string(number) + ",\"errmsg\":\"" +
                                      std::string{text} + ", rid: 66c69111-4157f271-729ca238\"}");
}

BOOST_AUTO_TEST_CASE(outside_of_sns_there_is_no_comma_before_the_rid) {
    const answer made = error_answer(errcode::invalid_url, endpoint_family::cgi, id, {});
    BOOST_TEST(made.body == R"({"errcode":40066,"errmsg":"invalid url rid: 66c69111-4157f271-729ca238"})");
    BOOST_TEST(made.content_type == "application/json; encoding=utf-8");
    BOOST_TEST((family_of("/cgi-bin/token") == endpoint_family::cgi));
    BOOST_TEST((family_of("/sns/jscode2session") == endpoint_family::sns));
}

BOOST_AUTO_TEST_CASE(the_old_form_has_hints) {
    const answer made =
        error_answer(errcode::invalid_code, endpoint_family::sns, id, {.writes_old_hints = true});
    const std::string_view start = R"({"errcode":40029,"errmsg":"invalid code, hints: [ req_id: )";
    BOOST_TEST(made.body.starts_with(start));
    BOOST_TEST(made.body.ends_with(R"( ]"})"));
    BOOST_TEST(made.body.size() == start.size() + 16 + 4);
}

BOOST_AUTO_TEST_CASE(a_rid_starts_with_the_time_in_seconds) {
    generator numbers{1};
    const request_id made = make_request_id(then, numbers);
    BOOST_TEST(made.seconds == 0x66c69111u);
    BOOST_TEST(make_request_id(then, numbers).first != made.first);
}

BOOST_AUTO_TEST_CASE(a_success_has_key_openid_and_unionid_in_that_order_and_escapes_slashes) {
    const exchange_outcome login = login_with_slashes();
    const std::string key = replace_all(std::string{login.key.text()}, "/", "\\/");
    BOOST_TEST(
        login_answer(login, {}).body == "{\"session_key\":\"" + key + "\",\"openid\":\"" +
                                            std::string{login.openid.text()} + "\",\"unionid\":\"" +
                                            std::string{login.unionid->text()} + "\"}");
}

BOOST_AUTO_TEST_CASE(slashes_can_be_left_alone_and_errcode_0_be_written) {
    exchange_outcome login = login_with_slashes();
    login.unionid.reset();
    const reply_style style{.escapes_slash = false, .writes_errcode_zero = true};
    BOOST_TEST(
        login_answer(login, style).body == "{\"session_key\":\"" + std::string{login.key.text()} +
                                               "\",\"openid\":\"" + std::string{login.openid.text()} +
                                               "\",\"errcode\":0,\"errmsg\":\"ok\"}");
}

BOOST_AUTO_TEST_CASE(the_head_is_the_one_that_was_seen) {
    std::string response;
    date_text date;
    append_response(
        response, error_answer(errcode::invalid_code, endpoint_family::sns, id, {}), date.at(then), true);
    BOOST_TEST(
        response == "HTTP/1.1 200 OK\r\n"
                    "Connection: keep-alive\r\n"
                    "Content-Type: text/plain\r\n"
                    "Date: Thu, 22 Aug 2024 01:14:57 GMT\r\n"
                    "Content-Length: 74\r\n"
                    "\r\n"
                    R"({"errcode":40029,"errmsg":"invalid code, rid: 66c69111-4157f271-729ca238"})");
}

BOOST_AUTO_TEST_CASE(the_date_moves_with_the_second) {
    date_text date;
    BOOST_TEST(date.at(then) == "Thu, 22 Aug 2024 01:14:57 GMT");
    BOOST_TEST(date.at(then + std::chrono::milliseconds{1}) == "Thu, 22 Aug 2024 01:14:58 GMT");
}

BOOST_AUTO_TEST_SUITE_END()

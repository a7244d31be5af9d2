// The requests of well-known libraries, byte for byte as their HTTP clients write them: order of parameters,
// parameters too many, content types and what they leave out.
#include "bench/wechat-sim/world/session_calls.hpp"
#include "tests/bench/wechat_sim/running_simulator.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>

using namespace wxlogind::test;
using wxlogind::wechat_sim::sign_with_key;

namespace {

constexpr std::string_view json_type = "Content-Type: application/json\r\n";

struct sdk_calls : running_simulator {
    tls_client client{listen, authority};

    tls_reply get(const std::string& target, std::string_view fields = {}) {
        client.send(
            "GET " + target + " HTTP/1.1\r\nHost: api.weixin.qq.com\r\n" + std::string{fields} + "\r\n");
        return client.receive();
    }
    tls_reply post(const std::string& target, std::string_view fields, const std::string& body) {
        client.send(
            "POST " + target + " HTTP/1.1\r\nHost: api.weixin.qq.com\r\n" + std::string{fields} +
            "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        return client.receive();
    }
    [[nodiscard]] std::string mint_phone() const {
        const auto made =
            http_post(control, "/codes", R"({"appid":"wx-bound","user":"alice","kind":"phone"})");
        return std::string{boost::json::parse(made.body).at("code").as_string()};
    }
    [[nodiscard]] std::string phone_body() const { return R"({"code":")" + mint_phone() + R"("})"; }
    std::string phone_target() const {
        return "/wxa/business/getuserphonenumber?access_token=" + access_token();
    }
};

bool has_session(const tls_reply& reply) {
    return boost::json::parse(reply.body).as_object().contains("session_key");
}
bool has_token(const tls_reply& reply) {
    return boost::json::parse(reply.body).as_object().contains("access_token");
}
bool has_phone(const tls_reply& reply) {
    return boost::json::parse(reply.body).as_object().contains("phone_info");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_sdk_shapes, sdk_calls)

// WxJava: a map of parameters in no order of WeChat's, and an access_token that the call does not take.
BOOST_AUTO_TEST_CASE(wxjava_logs_in_with_parameters_in_any_order_and_one_too_many) {
    const tls_reply reply =
        get("/sns/jscode2session?js_code=" + mint() +
                "&grant_type=authorization_code&secret=one&appid=wx-bound&access_token=" + access_token(),
            "Connection: Keep-Alive\r\nUser-Agent: Apache-HttpClient/4.5.14 (Java/17)\r\n"
            "Accept-Encoding: gzip,deflate\r\n");
    BOOST_TEST(has_session(reply));
    BOOST_TEST(reply.field("Content-Type") == "text/plain");
}

BOOST_AUTO_TEST_CASE(wxjava_asks_for_a_stable_token_and_a_phone_number_in_json_text) {
    const std::string_view fields = "Content-Type: text/plain; charset=UTF-8\r\nConnection: Keep-Alive\r\n";
    const std::string body =
        R"({"grant_type":"client_credential","appid":"wx-bound","secret":"one","force_refresh":false})";
    BOOST_TEST(has_token(post("/cgi-bin/stable_token", fields, body)));
    BOOST_TEST(has_phone(post(phone_target(), fields, phone_body())));
}

BOOST_AUTO_TEST_CASE(wxjava_signs_in_upper_case) {
    const auto login = boost::json::parse(get(target_of(mint())).body);
    const std::string key{login.at("session_key").as_string()};
    const std::string openid{login.at("openid").as_string()};
    std::string signature = sign_with_key(key, "");
    std::ranges::transform(signature, signature.begin(), [](unsigned char c) { return std::toupper(c); });
    const std::string query = "?openid=" + openid + "&signature=" + signature +
                              "&sig_method=hmac_sha256&access_token=" + access_token();
    BOOST_TEST(errcode_of(get("/wxa/checksession" + query)) == 0);
    const tls_reply next = get("/wxa/resetusersessionkey" + query);
    BOOST_TEST(errcode_of(next) == 0);
    BOOST_TEST(has_session(next));
}

// silenceper/wechat, in Go.
BOOST_AUTO_TEST_CASE(silenceper_logs_in_and_gets_a_token_and_a_phone_number) {
    const std::string_view agent = "User-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n";
    BOOST_TEST(has_session(get(target_of(mint()), agent)));
    BOOST_TEST(
        has_token(get("/cgi-bin/token?grant_type=client_credential&appid=wx-bound&secret=one", agent)));
    const std::string_view fields =
        "User-Agent: Go-http-client/1.1\r\nContent-Type: application/json;charset=utf-8\r\n";
    BOOST_TEST(has_token(post(
        "/cgi-bin/stable_token", fields,
        R"({"appid":"wx-bound","force_refresh":false,"grant_type":"client_credential","secret":"one"})")));
    BOOST_TEST(has_phone(post(phone_target(), fields, phone_body())));
}

// wechatpy hands the body over as bytes, and then Python's requests names no type.
BOOST_AUTO_TEST_CASE(wechatpy_posts_json_without_a_content_type) {
    const std::string_view agent =
        "User-Agent: python-requests/2.31.0\r\nAccept-Encoding: gzip, deflate\r\nAccept: */*\r\n";
    BOOST_TEST(has_session(
        get("/sns/jscode2session?appid=wx-bound&secret=one&js_code=" + mint() +
                "&grant_type=authorization_code&access_token=" + access_token(),
            agent)));
    BOOST_TEST(
        has_token(get("/cgi-bin/token?grant_type=client_credential&appid=wx-bound&secret=one", agent)));
    BOOST_TEST(has_phone(post(phone_target(), agent, phone_body())));
}

// EasyWeChat, with Symfony's client; its stable token wants to be told that it is not forced.
BOOST_AUTO_TEST_CASE(easywechat_logs_in_and_gets_both_kinds_of_token) {
    const std::string_view agent =
        "Accept: */*\r\nUser-Agent: Symfony HttpClient (Curl)\r\nAccept-Encoding: gzip\r\n";
    BOOST_TEST(has_session(get(target_of(mint()), agent)));
    BOOST_TEST(
        has_token(get("/cgi-bin/token?grant_type=client_credential&appid=wx-bound&secret=one", agent)));
    BOOST_TEST(has_token(post(
        "/cgi-bin/stable_token", json_type,
        R"({"grant_type":"client_credential","appid":"wx-bound","secret":"one","force_refresh":false})")));
}

BOOST_AUTO_TEST_CASE(members_and_parameters_that_nobody_knows_are_passed_over) {
    BOOST_TEST(has_session(get(target_of(mint()) + "&lang=zh_CN&x=&y&z=%E4%BD%A0")));
    std::string body = phone_body();
    body.insert(body.size() - 1, R"(,"scene":1,"more":{"a":[1,null]})");
    BOOST_TEST(has_phone(post(phone_target() + "&debug=1", json_type, body)));
}

BOOST_AUTO_TEST_CASE(the_same_request_under_the_wrong_method_is_told_the_right_one) {
    BOOST_TEST(
        errcode_of(get("/cgi-bin/stable_token?grant_type=client_credential&appid=wx-bound&secret=one")) ==
        43002);
    BOOST_TEST(errcode_of(get(phone_target() + "&code=" + mint_phone())) == 43002);
    BOOST_TEST(
        errcode_of(post(
            "/cgi-bin/stable_token", "Content-Type: application/x-www-form-urlencoded\r\n",
            "grant_type=client_credential&appid=wx-bound&secret=one")) == 41002);
}

BOOST_AUTO_TEST_SUITE_END()

// What is malformed is refused by name: no call to WeChat, nothing written, the connection as good as before.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

deployment_options two_apps() {
    deployment_options options;
    options.two_apps = true;
    return options;
}

struct bad_login {
    std::string request;
    unsigned status;
    std::string_view field; // what `detail` begins with
};

std::vector<bad_login> bad_logins() {
    const std::string appid = "&appid=" + std::string{first_appid};
    const std::string json_appid = R"("appid":")" + std::string{first_appid} + R"(")";
    return {
        {get_request("/login"), 400, "code: "},
        {get_request("/login?code="), 400, "code: "},
        {get_request("/login?code=undefined" + appid), 400, "code: "},
        {get_request("/login?code=null" + appid), 400, "code: "},
        {get_request("/login?code=" + std::string(129, 'a') + appid), 400, "code: "},
        {get_request("/login?code=a%20b" + appid), 400, "code: "},
        {get_request("/login?code=a&code=b" + appid), 400, "code: "},
        {get_request("/login?code=%ff" + appid), 400, "code: "},
        {get_request("/login?code=%4" + appid), 400, "code: "},
        {get_request("/login?code=abc&nickName=%80" + appid), 400, "nickName: "},
        {get_request("/login?code=abc&nickName=" + std::string(65, 'n') + appid), 400, "nickName: "},
        {get_request("/login?code=abc&gender=7" + appid), 400, "gender: "},
        {get_request("/login?code=abc"), 400, "appid: "},
        {get_request("/login?code=abc&appid=wx1"), 400, "appid: "},
        {get_request("/login?code=abc", "Referer: https://servicewechat.com/wxno/0/page-frame.html\r\n"), 400,
         "appid: "},
        {post_json_request("/login", ""), 400, "body: "},
        {post_json_request("/login", "code=abc"), 400, "body: "},
        {post_json_request("/login", "[1]"), 400, "body: "},
        {post_json_request("/login", R"({"code":"a","code":"b"})"), 400, "body: "},
        {post_json_request("/login", R"({"x":)" + std::string(100, '[') + std::string(100, ']') + "}"), 400,
         "body: "},
        {post_json_request("/login", "{\"code\":\"\xc3\"}"), 400, "body: "},
        {post_json_request("/login", R"({"code":12.5,)" + json_appid + "}"), 400, "body: member \"code\""},
        {post_json_request("/login", R"({"code":"abc","nickName":[],)" + json_appid + "}"), 400,
         "body: member \"nickName\""},
        {"POST /login HTTP/1.1\r\nHost: t\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415,
         "Content-Type: "},
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(bad_input)

BOOST_AUTO_TEST_CASE(every_malformed_login_is_a_problem_that_names_the_field) {
    const deployment running{two_apps()};
    http_connection client{running.public_address()};
    for (const bad_login& each : bad_logins()) {
        BOOST_TEST_CONTEXT(each.request) {
            const http_reply reply = client.exchange(each.request);
            BOOST_TEST(reply.status == each.status);
            BOOST_TEST(reply.field("content-type") == "application/problem+json");
            const auto problem = json_of(reply);
            BOOST_TEST(text_of(problem, "detail").starts_with(each.field));
            BOOST_TEST(text_of(problem, "request_id") == reply.field("x-request-id"));
            BOOST_TEST(text_of(problem, "retry") == "no");
        }
    }
    // The same connection still logs in, and that was the only exchange.
    const std::string code = running.mint_code("ivan");
    const http_reply good =
        client.exchange(get_request("/login?code=" + code + "&appid=" + std::string{first_appid}));
    BOOST_TEST(good.status == 200u);
    BOOST_TEST(json_of(good).at("is_new").as_bool());
    const auto statistics = json_of(http_get(running.control_address(), "/statistics"));
    BOOST_TEST(statistics.at("requests").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(paths_and_methods_that_are_not_there_say_what_is) {
    const deployment running;
    http_connection client{running.public_address()};
    BOOST_TEST(client.exchange(get_request("/nothing")).status == 404u);
    const http_reply deleted = client.exchange("DELETE /login HTTP/1.1\r\nHost: t\r\n\r\n");
    BOOST_TEST(deleted.status == 405u);
    BOOST_TEST(deleted.field("allow") == "GET, POST, OPTIONS");
    client.send("HEAD /login?code=abc HTTP/1.1\r\nHost: t\r\n\r\n");
    BOOST_TEST(client.receive(true).status == 405u);
    const http_reply options = client.exchange("OPTIONS /login HTTP/1.1\r\nHost: t\r\n\r\n");
    BOOST_TEST(options.status == 204u);
    BOOST_TEST(options.field("allow") == "GET, POST, OPTIONS");
    const http_reply of_all = client.exchange("OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n");
    BOOST_TEST(of_all.status == 204u);
    BOOST_TEST(of_all.field("allow") == "GET, HEAD, POST, PATCH, DELETE, OPTIONS");
    client.send("HEAD /healthz HTTP/1.1\r\nHost: t\r\n\r\n");
    const http_reply head = client.receive(true);
    BOOST_TEST(head.status == 200u);
    BOOST_TEST(head.field("content-length") != "0");
    BOOST_TEST(client.exchange(get_request("/healthz")).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_token_counts_in_one_authorization_field_and_nowhere_else) {
    const deployment running;
    const auto login = json_of(running.log_in(running.mint_code("judy")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    BOOST_TEST(http_get(running.public_address(), "/me", bearer).status == 200u);
    const std::string query =
        "?token=" + text_of(login, "token") + "&access_token=" + text_of(login, "token");
    for (const auto& [address, path] :
         {std::pair{running.public_address(), "/me"}, std::pair{running.internal_address(), "/verify"}}) {
        BOOST_TEST_CONTEXT(path) {
            for (const http_reply& refused :
                 {http_get(address, path, bearer + bearer),
                  http_get(address, path, bearer + "authorization: x\r\n"),
                  http_get(address, path, "Authorization: Basic eDp5\r\n"),
                  http_get(address, path + query)}) {
                BOOST_TEST(refused.status == 401u);
                BOOST_TEST(refused.field("www-authenticate") == R"(Bearer error="invalid_token")");
                auto problem = json_of(refused);
                BOOST_TEST(problem.erase("request_id") == 1u);
                BOOST_TEST(
                    boost::json::serialize(problem) ==
                    R"({"type":"urn:wxlogind:problem:invalid_token","title":"The session token is not valid",)"
                    R"("status":401,"code":"invalid_token","retry":"login"})");
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

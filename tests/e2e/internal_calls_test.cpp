// What back ends and operators call, and who may.
#include "core/base/encoding.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/service_key.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

namespace {

http_reply post_form(
    const std::string& address, std::string_view body, std::string_view more = {},
    std::string_view target = "/introspect",
    std::string_view content_type = "application/x-www-form-urlencoded") {
    std::string request{"POST "};
    request.append(target).append(" HTTP/1.1\r\nHost: test\r\nContent-Type: ").append(content_type);
    request.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n");
    request.append(more).append("\r\n").append(body);
    return http_connection{address}.exchange(request);
}

std::string with_key(std::string_view key) {
    return "Authorization: Bearer " + std::string{key} + "\r\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(internal_calls)

BOOST_AUTO_TEST_CASE(introspection_tells_whose_a_good_token_is) {
    const deployment running;
    const auto login = json_of(running.log_in(running.mint_code("ines")));
    const http_reply reply = post_form(running.internal_address(), "token=" + text_of(login, "token"));
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.field("cache-control") == "no-store");
    BOOST_TEST(reply.field("content-type") == "application/json");
    const auto known = json_of(reply);
    BOOST_TEST(known.at("active").as_bool());
    BOOST_TEST(text_of(known, "sub") == text_of(login, "id"));
    BOOST_TEST(text_of(known, "aud") == first_appid);
    BOOST_TEST(text_of(known, "client_id") == first_appid);
    BOOST_TEST(text_of(known, "iss") == "wxlogind");
    BOOST_TEST(text_of(known, "token_type") == "Bearer");
    BOOST_TEST(text_of(known, "openid") == text_of(login, "openid"));
    BOOST_TEST(!text_of(known, "sid").empty());
    BOOST_TEST(known.at("exp").as_int64() - known.at("iat").as_int64() == 7200);
    // What else the form says does not matter.
    const std::string more = "&token_type_hint=access_token&foo=bar";
    BOOST_TEST(
        post_form(running.internal_address(), "token=" + text_of(login, "token") + more).body == reply.body);
}

BOOST_AUTO_TEST_CASE(introspection_tells_whether_a_refresh_token_still_serves) {
    const deployment running;
    const auto login = json_of(running.log_in(running.mint_code("ines")));
    const auto known_of = [&](const boost::json::object& session) {
        return json_of(post_form(running.internal_address(), "token=" + text_of(session, "refresh_token")));
    };
    const auto known = known_of(login);
    BOOST_TEST_REQUIRE(known.at("active").as_bool());
    BOOST_TEST(text_of(known, "sub") == text_of(login, "id"));
    BOOST_TEST(text_of(known, "aud") == first_appid);
    BOOST_TEST(known.at("exp").as_int64() > 0);
    BOOST_TEST(!known.contains("token_type"));

    const std::string shown = R"({"refresh_token":")" + text_of(login, "refresh_token") + R"("})";
    const auto next = json_of(http_post(running.public_address(), "/token/refresh", shown));
    BOOST_TEST(!known_of(login).at("active").as_bool());
    BOOST_TEST(known_of(next).at("active").as_bool());
    BOOST_TEST(
        post_form(running.internal_address(), "token=" + text_of(next, "token"), "", "/revoke").status ==
        200u);
    BOOST_TEST(!known_of(next).at("active").as_bool());
    BOOST_TEST(
        post_form(running.internal_address(), "token=" + text_of(next, "token")).body ==
        R"({"active":false})");
    // Nor is one that is changed.
    std::string forged = text_of(next, "refresh_token");
    forged[20] = forged[20] == 'A' ? 'B' : 'A';
    BOOST_TEST(post_form(running.internal_address(), "token=" + forged).body == R"({"active":false})");
}

BOOST_AUTO_TEST_CASE(a_malformed_introspection_is_refused_by_name) {
    const deployment running;
    const std::string token = "token=" + text_of(json_of(running.log_in(running.mint_code("ines"))), "token");
    const std::string& address = running.internal_address();
    BOOST_TEST(post_form(address, "").status == 400u);
    BOOST_TEST(text_of(json_of(post_form(address, "toke=n")), "detail") == "token: missing");
    BOOST_TEST(
        text_of(json_of(post_form(address, token + '&' + token)), "detail") == "token: given more than once");
    BOOST_TEST(post_form(address, "token=%zz").status == 400u);
    BOOST_TEST(post_form(address, token, "", "/introspect", "application/json").status == 415u);
    BOOST_TEST(post_form(address, token, "", "/introspect", "text/plain").status == 415u);
    BOOST_TEST(post_form(address, "", "", "/introspect?" + token).status == 400u);
    BOOST_TEST(http_get(address, "/introspect?" + token).status == 405u);
    BOOST_TEST(post_form(address, "token=").body == R"({"active":false})");
    BOOST_TEST(post_form(running.public_address(), token).status == 404u);
}

BOOST_AUTO_TEST_CASE(verify_answers_with_what_the_token_says_whatever_the_client_sends) {
    const deployment running;
    const auto login = json_of(running.log_in(running.mint_code("ines")));
    const std::string made_up = "X-User-Id: 00000000-0000-7000-8000-000000000000\r\nX-App-Id: wx1\r\n"
                                "X-Session-Id: 1\r\nX-Openid: oSOMEBODY\r\nX-Request-Id: injected\r\n";
    const http_reply refused = http_get(running.internal_address(), "/verify", made_up);
    BOOST_TEST(refused.status == 401u);
    for (const auto* name : {"x-user-id", "x-app-id", "x-session-id", "x-openid"})
        BOOST_TEST(refused.fields.count(name) == 0u);
    BOOST_TEST(refused.field("x-request-id") != "injected");
    const http_reply valid =
        http_get(running.internal_address(), "/verify", made_up + with_key(text_of(login, "token")));
    BOOST_TEST(valid.status == 200u);
    BOOST_TEST(valid.field("x-user-id") == text_of(login, "id"));
    BOOST_TEST(valid.field("x-app-id") == first_appid);
    BOOST_TEST(valid.field("x-openid") == text_of(login, "openid"));
    BOOST_TEST(valid.field("x-session-id") != "1");
    BOOST_TEST(valid.field("x-request-id") != "injected");
    BOOST_TEST(valid.body.empty());
}

BOOST_AUTO_TEST_CASE(where_service_keys_are_required_only_verify_and_health_go_without) {
    const made_key orders = make_key("orders", {});
    const made_key operators = make_key("operators", {"users:read", "users:write"});
    deployment_options options;
    options.server = "require_service_keys = true\n";
    options.sections = orders.section + operators.section;
    deployment running{options};
    const std::string& address = running.internal_address();
    const std::string token = text_of(json_of(running.log_in(running.mint_code("ines"))), "token");

    BOOST_TEST(http_get(address, "/healthz").status == 200u);
    BOOST_TEST(http_get(address, "/readyz").status == 200u);
    BOOST_TEST(http_get(address, "/verify", with_key(token)).status == 200u);
    // A service key is no token, and a token no service key.
    BOOST_TEST(http_get(address, "/verify", with_key(orders.key)).status == 401u);
    BOOST_TEST(http_get(running.public_address(), "/me", with_key(orders.key)).status == 401u);

    const std::string form = "token=" + token;
    const http_reply without = post_form(address, form);
    BOOST_TEST(without.status == 401u);
    BOOST_TEST(text_of(json_of(without), "code") == "service_key_required");
    BOOST_TEST(without.field("www-authenticate") == "Bearer realm=\"wxlogind\"");
    for (const std::string& wrong :
         {token, std::string{"x"}, orders.key + "x", orders.key.substr(1), std::string{"orders"}}) {
        BOOST_TEST(post_form(address, form, with_key(wrong)).status == 401u);
    }
    BOOST_TEST(post_form(address, form, with_key(orders.key) + with_key(orders.key)).status == 401u);
    const http_reply other_scope = post_form(address, form, with_key(operators.key));
    BOOST_TEST(other_scope.status == 403u);
    BOOST_TEST(text_of(json_of(other_scope), "code") == "insufficient_scope");
    BOOST_TEST(post_form(address, form, with_key(orders.key)).body.starts_with(R"({"active":true)"));
    // Neither in the log nor in the configuration.
    BOOST_TEST(running.stop_wxlogind() == 0);
    BOOST_TEST(running.wxlogind().output().find(orders.key) == std::string::npos);
    BOOST_TEST(options.sections.find(orders.key) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_internal_listener_for_the_network_wants_keys_and_says_that_there_are_none) {
    deployment_options options;
    options.internal_address = "0.0.0.0:0";
    deployment running{options};
    running.wxlogind().wait_for_line([](std::string_view line) {
        return line.find("wants service keys and none is configured") != std::string_view::npos;
    });
    const std::string port = running.internal_address().substr(running.internal_address().rfind(':'));
    BOOST_TEST(post_form("127.0.0.1" + port, "token=x").status == 401u);
    BOOST_TEST(http_get("127.0.0.1" + port, "/healthz").status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

// Two mini programs of one company, and their users before and after somebody finds out who is who.
#pragma once

#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace wxlogind::test {

[[nodiscard]] inline deployment_options two_apps() {
    deployment_options options;
    options.two_apps = true;
    return options;
}

struct merging_deployment : session_deployment {
    explicit merging_deployment(deployment_options options = two_apps())
        : session_deployment{std::move(options)} {}

    boost::json::object log_in_to(std::string_view appid, std::string_view user) const {
        return json_of(log_in(mint_code(user, appid), "&appid=" + std::string{appid}));
    }
    // As long as the app belongs to no Open Platform account.
    boost::json::object log_in_without_unionid(std::string_view user) const {
        inject(R"({"kind":"drop_after","count":1})"); // a code is spent, so that the openid is known
        BOOST_TEST_REQUIRE(log_in(mint_code(user), "&appid=" + std::string{first_appid}).status == 401u);
        const auto session = json_of(http_get(
            control_address(), "/sessions?appid=" + std::string{first_appid} + "&user=" + std::string{user}));
        boost::json::object answer{
            {"session_key", session.at("session_key")}, {"openid", session.at("openid")}};
        boost::json::object fault{{"kind", "body"}, {"text", boost::json::serialize(answer)}, {"count", 1}};
        inject(boost::json::serialize(fault));
        return log_in_to(first_appid, user);
    }
    http_reply ask(std::string_view method, std::string_view target, std::string_view body = {}) const {
        return http_call(internal_address(), method, target, body);
    }
    http_reply merge(const boost::json::object& one, const boost::json::object& other) const {
        return ask(
            "POST", "/users/merge",
            R"({"user":")" + text_of(one, "id") + R"(","other":")" + text_of(other, "id") + R"("})");
    }
    http_reply introspect(const boost::json::object& login, std::string_view member) const {
        const std::string form = "token=" + text_of(login, member);
        return http_connection{internal_address()}.exchange(
            "POST /introspect HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: " +
            std::to_string(form.size()) + "\r\n\r\n" + form);
    }
    void expect_to_mean(const boost::json::object& login, const std::string& id) const {
        BOOST_TEST(verify(login).field("x-user-id") == id);
        BOOST_TEST(text_of(json_of(me(login)), "id") == id);
        for (const std::string_view member : {"token", "refresh_token"})
            BOOST_TEST(text_of(json_of(introspect(login, member)), "sub") == id);
    }
};

} // namespace wxlogind::test

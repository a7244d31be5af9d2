// What a mini program is given for its server, made by the simulator.
#pragma once

#include "tests/support/deployment.hpp"

#include <boost/json/object.hpp>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wxlogind::test {

// An order to the simulator's control port; throws when it is refused.
inline http_reply order(const deployment& of, std::string_view path, std::string_view body) {
    http_reply reply = http_post(of.control_address(), path, body);
    if (reply.status >= 300) throw std::runtime_error{"the simulator refuses: " + reply.body};
    return reply;
}

// `user_json`: as POST /users of the simulator takes it.
inline void make_user(const deployment& of, std::string_view user_json) {
    order(of, "/users", user_json);
}

// WeChat's side has another session_key from now on.
inline void rotate_session_key(const deployment& of, std::string_view user) {
    order(
        of, "/sessions",
        R"({"do":"rotate","appid":")" + std::string{first_appid} + R"(","user":")" + std::string{user} +
            "\"}");
}

// `more`: further members, such as `"kind":"phone"`. The user has logged in.
inline boost::json::object
make_open_data(const deployment& of, std::string_view user, std::string_view more = {}) {
    std::string body{R"({"appid":")" + std::string{first_appid} + R"(","user":")" + std::string{user} + '"'};
    if (!more.empty()) body += ',' + std::string{more};
    return json_of(order(of, "/open_data", body + '}'));
}

[[nodiscard]] inline boost::json::object
only(const boost::json::object& of, std::initializer_list<std::string_view> names) {
    boost::json::object some;
    for (const std::string_view name : names) some[name] = of.at(name);
    return some;
}

// As the button gives it to a mini program.
inline std::string
phone_code_of(const deployment& of, std::string_view user, std::string_view appid = first_appid) {
    const std::string wanted =
        R"({"kind":"phone","appid":")" + std::string{appid} + R"(","user":")" + std::string{user} + "\"}";
    return text_of(json_of(order(of, "/codes", wanted)), "code");
}

} // namespace wxlogind::test

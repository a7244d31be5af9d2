// What a mini program, and a back end beside it, do with the answer of a login.
#pragma once

#include "tests/support/deployment.hpp"

#include <string>
#include <string_view>

namespace wxlogind::test {

// `login`: the body of a login or a refresh.
class session_deployment : public deployment {
public:
    using deployment::deployment;

    [[nodiscard]] static std::string bearer(const boost::json::object& login) {
        return "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    }
    [[nodiscard]] http_reply verify(const boost::json::object& login) const {
        return http_get(internal_address(), "/verify", bearer(login));
    }
    [[nodiscard]] http_reply me(const boost::json::object& login) const {
        return http_get(public_address(), "/me", bearer(login));
    }
    [[nodiscard]] http_reply refresh(const boost::json::object& login) const {
        return refresh_with(text_of(login, "refresh_token"));
    }
    [[nodiscard]] http_reply refresh_with(std::string_view token) const {
        return http_post(
            public_address(), "/token/refresh", R"({"refresh_token":")" + std::string{token} + R"("})");
    }
    [[nodiscard]] http_reply log_out(const boost::json::object& login, std::string_view body = {}) const {
        return http_post(public_address(), "/logout", body, bearer(login));
    }
    // body: {"code":…}, see phone_code_of in open_data.hpp.
    [[nodiscard]] http_reply bind_phone(const boost::json::object& login, std::string_view body) const {
        return http_post(public_address(), "/me/phone", body, bearer(login));
    }
    [[nodiscard]] http_reply revoke(const std::string& form) const {
        std::string request{"POST /revoke HTTP/1.1\r\nHost: a\r\n"};
        request += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
        request += std::to_string(form.size()) + "\r\n\r\n" + form;
        return http_connection{internal_address()}.exchange(request);
    }
};

} // namespace wxlogind::test

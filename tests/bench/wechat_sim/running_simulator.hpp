// The simulator in this process, with everything a client of it needs.
#pragma once

#include "bench/wechat-sim/simulator.hpp"
#include "tests/bench/wechat_sim/tls_client.hpp"
#include "tests/support/http_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace wxlogind::test {

inline wechat_sim::simulator_settings two_apps() {
    wechat_sim::simulator_settings settings;
    settings.apps = {
        {.appid = "wx-bound", .secret = "one", .group = "group"}, {.appid = "wx-alone", .secret = "two"}};
    return settings;
}

// An answer without the last part of its errmsg: 26 hexadecimal digits and hyphens that no test can know.
inline std::string without_rid(const std::string& body) {
    const std::size_t at = body.find("rid: ");
    return at == std::string::npos ? body : body.substr(0, at + 5) + body.substr(at + 5 + 26);
}

// The errcode of an answer; 0 when there is none.
inline int errcode_of(const tls_reply& reply) {
    const boost::json::value parsed = boost::json::parse(reply.body);
    const auto* found = parsed.as_object().if_contains("errcode");
    return found == nullptr ? 0 : found->to_number<int>();
}

struct running_simulator {
    wechat_sim::simulator simulator;
    std::string listen{simulator.listen_address()};
    std::string control{simulator.control_address()};
    std::string authority{simulator.authority_pem()};

    explicit running_simulator(const wechat_sim::simulator_settings& settings = two_apps())
        : simulator{settings} {
        simulator.start();
    }

    [[nodiscard]] std::string mint(std::string_view user = "alice") const {
        return http_get(control, "/codes?appid=wx-bound&user=" + std::string{user}).body;
    }
    // A stable access_token of wx-bound; the same one until it ends.
    [[nodiscard]] std::string access_token() const {
        tls_client client{listen, authority};
        const tls_reply reply = client.post(
            "/cgi-bin/stable_token",
            R"({"grant_type":"client_credential","appid":"wx-bound","secret":"one"})");
        return std::string{boost::json::parse(reply.body).at("access_token").as_string()};
    }
    // The target of the exchange of `code`.
    [[nodiscard]] static std::string target_of(std::string_view code) {
        return "/sns/jscode2session?appid=wx-bound&secret=one&js_code=" + std::string{code} +
               "&grant_type=authorization_code";
    }
    // Throws nothing: a refused order shows in the test that relies on it.
    [[nodiscard]] unsigned order(std::string_view path, std::string_view body) const {
        return http_post(control, path, body).status;
    }
    // The answer to GET /exchanges without the code: {"arrived":1,"exchanged":0}.
    [[nodiscard]] std::string exchanges_of(const std::string& code) const {
        std::string shown = http_get(control, "/exchanges?code=" + code).body;
        return shown.replace(1, shown.find("\"arrived\"") - 1, "");
    }
};

} // namespace wxlogind::test

// Real proxies, configured as etc/ has it, in front of a business service: who has a valid token gets in,
// under the name that wxlogind gives, and under no other.
#include "tests/support/deployment.hpp"
#include "tests/support/echo_upstream.hpp"
#include "tests/support/free_port.hpp"

#include <boost/json.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

struct places {
    std::string listen;
    std::string internal;
    std::string business;
    std::string directory;
};

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file{path};
    file << text;
    if (!file) throw std::runtime_error{"cannot write " + path};
}

using arguments = std::vector<std::string>;

arguments nginx(const places& at) {
    write_file(
        at.directory + "/nginx.conf",
        "daemon off; master_process off; pid " + at.directory +
            "/nginx.pid; error_log stderr;\nevents { worker_connections 64; }\nhttp { access_log off; "
            "client_body_temp_path " +
            at.directory + "/body; proxy_temp_path " + at.directory + "/proxy; fastcgi_temp_path " +
            at.directory + "/fastcgi; uwsgi_temp_path " + at.directory + "/uwsgi; scgi_temp_path " +
            at.directory + "/scgi;\nupstream wxlogind_internal { server " + at.internal +
            "; keepalive 4; }\nupstream business { server " + at.business + "; }\nserver { listen " +
            at.listen + "; include " + source_path("etc/nginx/auth_request.conf") + "; } }\n");
    return {"/usr/sbin/nginx", "-p", at.directory, "-c", at.directory + "/nginx.conf", "-e", "stderr"};
}

arguments with_environment(const places& at, arguments program) {
    arguments all{
        "/usr/bin/env",
        "API_LISTEN=" + at.listen,
        "API_SITE=http://" + at.listen.substr(at.listen.rfind(':')),
        "WXLOGIND_INTERNAL=" + at.internal,
        "BUSINESS=" + at.business,
        "HOME=" + at.directory,
        "XDG_DATA_HOME=" + at.directory,
        "XDG_CONFIG_HOME=" + at.directory,
        "WXLOGIND_LUA=" + source_path("etc/haproxy/forward_auth.lua")};
    all.insert(all.end(), program.begin(), program.end());
    return all;
}

arguments haproxy(const places& at) {
    return with_environment(at, {"/usr/sbin/haproxy", "-db", "-f", source_path("etc/haproxy/wxlogind.cfg")});
}

arguments caddy(const places& at) {
    // Its administration would listen on a fixed port.
    write_file(
        at.directory + "/Caddyfile",
        "{\n\tadmin off\n\tauto_https off\n}\nimport " + source_path("etc/caddy/Caddyfile") + "\n");
    return with_environment(
        at, {"/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", at.directory + "/Caddyfile"});
}

arguments apache(const places& at) {
    std::string text = "ServerRoot " + at.directory + "\nServerName localhost\nPidFile " + at.directory +
                       "/apache.pid\nErrorLog /dev/stderr\nDefaultRuntimeDir " + at.directory +
                       "\nMutex file:" + at.directory + " default\nListen " + at.listen +
                       "\nStartServers 1\nDefine WXLOGIND_INTERNAL " + at.internal + "\nDefine BUSINESS " +
                       at.business + "\nDefine WXLOGIND_LUA " + source_path("etc/apache/forward_auth.lua") +
                       "\n";
    // Root's Apache would become somebody else, who cannot read our files.
    text += "User #" + std::to_string(::getuid() == 0 ? 65534 : ::getuid()) + "\n";
    for (const auto* module : {"mpm_event", "authz_core", "lua", "proxy", "proxy_http", "setenvif"})
        text +=
            std::string{"LoadModule "} + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n";
    write_file(
        at.directory + "/apache.conf", text + "Include " + source_path("etc/apache/wxlogind.conf") + "\n");
    return {"/usr/sbin/apache2", "-X", "-d", at.directory, "-f", at.directory + "/apache.conf"};
}

struct proxy {
    std::string name;
    arguments (*configure)(const places&);
};

std::ostream& operator<<(std::ostream& to, const proxy& which) {
    return to << which.name;
}

const std::vector<proxy> all_proxies{
    {"nginx", &nginx}, {"haproxy", &haproxy}, {"caddy", &caddy}, {"apache", &apache}};

// A proxy of that kind, wxlogind, and a service behind it.
class world {
public:
    explicit world(const proxy& kind)
        : places_{
              "127.0.0.1:" + std::to_string(free_port()), running.internal_address(), service.address(),
              files_.path().string()} {
        proxy_ = std::make_unique<child_process>(kind.configure(places_), files_.file("proxy.log"));
        const auto limit = std::chrono::steady_clock::now() + 20s;
        for (;;) {
            try {
                const http_connection one{places_.listen};
                return;
            } catch (const std::runtime_error&) {
                if (proxy_->poll() || std::chrono::steady_clock::now() > limit)
                    throw std::runtime_error{kind.name + " does not come up: " + proxy_->output()};
                std::this_thread::sleep_for(10ms);
            }
        }
    }

    // What came of it, and what the service saw: its head, "" when it saw nothing.
    http_reply get(const std::string& fields) const {
        return http_get(places_.listen, "/api/orders", fields);
    }
    [[nodiscard]] http_reply post(const std::string& body, const std::string& fields) const {
        return http_post(places_.listen, "/api/orders", body, fields);
    }
    [[nodiscard]] std::string output() const { return proxy_->output(); }

    deployment running;
    echo_upstream service;

private:
    temporary_directory files_;
    places places_;
    std::unique_ptr<child_process> proxy_;
};

// The values of all fields of that name in a head, whatever the case.
std::vector<std::string> values_of(std::string_view head, std::string_view lower_case_name) {
    std::vector<std::string> values;
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(std::min(head.size(), line.size() + 2));
        const auto colon = line.find(':');
        if (colon == line.npos) continue;
        std::string name{line.substr(0, colon)};
        std::transform(
            name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        std::replace(name.begin(), name.end(), '_', '-');
        if (name != lower_case_name) continue;
        const auto value = line.find_first_not_of(' ', colon + 1);
        values.emplace_back(value == line.npos ? std::string_view{} : line.substr(value));
    }
    return values;
}

std::string bearer(const boost::json::object& login) {
    return "Authorization: Bearer " + text_of(login, "token") + "\r\n";
}

void expect_identity(const http_reply& reply, const boost::json::object& login) {
    const auto only = [&](std::string_view name, std::string_view value) {
        const auto values = values_of(reply.body, name);
        BOOST_TEST_CONTEXT(name << " in " << reply.body) {
            BOOST_TEST_REQUIRE(values.size() == 1u);
            BOOST_TEST(values.front() == value);
        }
    };
    only("x-user-id", text_of(login, "id"));
    only("x-app-id", first_appid);
    only("x-openid", text_of(login, "openid"));
    BOOST_TEST(values_of(reply.body, "x-session-id").size() == 1u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxies)

BOOST_DATA_TEST_CASE(
    a_valid_token_gets_in_and_all_others_stay_out, boost::unit_test::data::make(all_proxies)) {
    const world with{sample};
    const auto login = json_of(with.running.log_in(with.running.mint_code("pia")));
    BOOST_TEST_CONTEXT(with.output()) {
        const http_reply in = with.get(bearer(login));
        BOOST_TEST_REQUIRE(in.status == 200u);
        BOOST_TEST(in.body.starts_with("GET /api/orders HTTP/1.1\r\n"));
        expect_identity(in, login);

        const http_reply posted = with.post(R"({"n":1})", bearer(login));
        BOOST_TEST(posted.status == 200u);
        BOOST_TEST(posted.body.starts_with("POST /api/orders HTTP/1.1\r\n"));
        BOOST_TEST(posted.body.ends_with(R"({"n":1})"));
        expect_identity(posted, login);
        BOOST_TEST(with.service.requests() == 2u);

        std::string forged = text_of(login, "token");
        forged.back() = forged.back() == 'A' ? 'B' : 'A';
        for (const std::string& fields :
             {std::string{}, "Authorization: Bearer " + forged + "\r\n",
              std::string{"Authorization: Bearer \r\n"}, std::string{"Authorization: Basic dTpw\r\n"},
              "Authorization: " + text_of(login, "token") + "\r\n",
              "Cookie: token=" + text_of(login, "token") + "\r\n"})
            BOOST_TEST(with.get(fields).status == 401u, fields);
        BOOST_TEST(with.post(R"({"n":1})", "").status == 401u);
        const unsigned twice = with.get(bearer(login) + "Authorization: Bearer " + forged + "\r\n").status;
        BOOST_TEST((twice == 401u || twice == 400u));
        BOOST_TEST(with.service.requests() == 2u);
    }
}

BOOST_DATA_TEST_CASE(
    what_a_client_makes_up_does_not_reach_the_service, boost::unit_test::data::make(all_proxies)) {
    const world with{sample};
    const auto login = json_of(with.running.log_in(with.running.mint_code("quinn")));
    const std::string names_of_ours = "X-User-Id: made-up\r\nx-user-id: made-up\r\nX_User_Id: "
                                      "made-up\r\nX-User_Id: made-up\r\nX-App-Id: made-up\r\n"
                                      "X-SESSION-ID: made-up\r\nX-Openid: made-up\r\nX_Openid: made-up\r\n";
    BOOST_TEST_CONTEXT(with.output()) {
        const http_reply in = with.get(bearer(login) + names_of_ours);
        // Some refuse names with '_'.
        if (in.status == 200) {
            BOOST_TEST(in.body.find("made-up") == std::string::npos, in.body);
            expect_identity(in, login);
        } else {
            BOOST_TEST(in.status == 400u);
        }
        BOOST_TEST(with.get(names_of_ours).status == 401u);

        // To be taken away by a proxy that believes it.
        const http_reply stripped =
            with.get(bearer(login) + "Connection: close, X-User-Id, X-Openid, X-App-Id, X-Session-Id\r\n");
        BOOST_TEST(stripped.status == 200u);
        expect_identity(stripped, login);
    }
}

BOOST_DATA_TEST_CASE(nobody_gets_in_while_wxlogind_is_away, boost::unit_test::data::make(all_proxies)) {
    world with{sample};
    const auto login = json_of(with.running.log_in(with.running.mint_code("ruth")));
    BOOST_TEST(with.get(bearer(login)).status == 200u);
    with.running.kill_wxlogind();
    const unsigned status = with.get(bearer(login)).status;
    BOOST_TEST_CONTEXT(with.output()) {
        BOOST_TEST((status >= 400u && status != 404u), status);
        BOOST_TEST(with.service.requests() == 1u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

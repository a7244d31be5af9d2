// A real nginx with auth_request, configured as etc/nginx/auth_request.conf says, in front of a tiny
// upstream.
#include "tests/support/deployment.hpp"
#include "tests/support/free_port.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <thread>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

class nginx_in_front {
public:
    explicit nginx_in_front(const deployment& of)
        : address_{"127.0.0.1:" + std::to_string(free_port())},
          business_{"127.0.0.1:" + std::to_string(free_port())} {
        std::ofstream file{files_.file("nginx.conf")};
        file << "daemon off; master_process off; worker_processes 1; pid " << files_.file("nginx.pid")
             << "; error_log stderr;\n"
             << "events { worker_connections 64; }\n"
             << "http { access_log off; client_body_temp_path " << files_.file("body") << "; proxy_temp_path "
             << files_.file("proxy") << "; fastcgi_temp_path " << files_.file("fastcgi")
             << "; uwsgi_temp_path " << files_.file("uwsgi") << "; scgi_temp_path " << files_.file("scgi")
             << ";\nupstream wxlogind_internal { server " << of.internal_address()
             << "; keepalive 4; }\nupstream business { server " << business_
             << "; keepalive 4; }\nserver { listen " << address_ << "; include "
             << source_path("etc/nginx/auth_request.conf") << "; }\nserver { listen " << business_
             << "; location / { return 200 \"$request_method user=$http_x_user_id app=$http_x_app_id "
                "session=$http_x_session_id openid=$http_x_openid\"; } }\n}\n";
        file.close();
        nginx_ = std::make_unique<child_process>(
            std::vector<std::string>{
                "/usr/sbin/nginx", "-p", files_.path().string(), "-c", files_.file("nginx.conf"), "-e",
                "stderr"},
            files_.file("nginx.log"));
        const auto limit = std::chrono::steady_clock::now() + 10s;
        for (;;) {
            try {
                const http_connection one{address_};
                return;
            } catch (const std::runtime_error&) {
                if (nginx_->poll() || std::chrono::steady_clock::now() > limit)
                    throw std::runtime_error{"nginx does not come up: " + nginx_->output()};
                std::this_thread::sleep_for(10ms);
            }
        }
    }

    [[nodiscard]] const std::string& address() const noexcept { return address_; }

private:
    temporary_directory files_;
    std::string address_;
    std::string business_;
    std::unique_ptr<child_process> nginx_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(nginx)

BOOST_AUTO_TEST_CASE(auth_request_lets_a_valid_token_in_and_keeps_others_out) {
    const deployment running;
    const nginx_in_front nginx{running};
    const auto login = json_of(running.log_in(running.mint_code("pia")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";

    const http_reply in = http_get(nginx.address(), "/api/orders", bearer);
    BOOST_TEST(in.status == 200u);
    BOOST_TEST(in.body.starts_with("GET user=" + text_of(login, "id") + " app=" + std::string{first_appid}));
    BOOST_TEST(in.body.ends_with("openid=" + text_of(login, "openid")));

    const http_reply posted = http_post(nginx.address(), "/api/orders", R"({"n":1})", bearer);
    BOOST_TEST(posted.status == 200u);
    BOOST_TEST(posted.body.starts_with("POST user=" + text_of(login, "id")));

    BOOST_TEST(http_get(nginx.address(), "/api/orders").status == 401u);
    std::string forged = text_of(login, "token");
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    BOOST_TEST(
        http_get(nginx.address(), "/api/orders", "Authorization: Bearer " + forged + "\r\n").status == 401u);
    // The check itself cannot be called from outside.
    BOOST_TEST(http_get(nginx.address(), "/_wxlogind_verify", bearer).status == 404u);
}

BOOST_AUTO_TEST_CASE(headers_that_a_client_makes_up_do_not_reach_the_back_end) {
    const deployment running;
    const nginx_in_front nginx{running};
    const auto login = json_of(running.log_in(running.mint_code("quinn")));
    const std::string made_up = "X-User-Id: 00000000-0000-7000-8000-000000000000\r\nX-Openid: oSOMEBODY\r\n";
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    const http_reply in = http_get(nginx.address(), "/api/orders", bearer + made_up);
    BOOST_TEST(in.status == 200u);
    BOOST_TEST(in.body.find("00000000") == std::string::npos);
    BOOST_TEST(in.body.find("oSOMEBODY") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

// etc/haproxy/balance.cfg and etc/nginx/balance.conf, tried: who the client is, and that logins go through.
#include "tests/balance/balancer.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/metrics_text.hpp"
#include "tests/support/running_server.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <vector>

using namespace wxlogind::test;

namespace {

const std::string trusting = "trusted_proxies = [\"127.0.0.1\"]\n";

deployment_options with_server(std::string lines) {
    deployment_options options;
    options.server = std::move(lines);
    return options;
}

replacements haproxy_in_front_of(const deployment& one, const std::string& how = "") {
    return {
        {"server one 10.0.0.11:8080", "server one " + one.public_address() + how},
        {"server two 10.0.0.12:8080", "server two " + one.public_address() + how},
        {"inter 1s", "inter 100ms"}};
}

replacements nginx_in_front_of(const deployment& one) {
    return {
        {"server 10.0.0.11:8080", "server " + one.public_address()},
        {"server 10.0.0.12:8080 max_conns=1024 max_fails=2 fail_timeout=2s;", ""}};
}

void wait_until_up(const balancer& front) {
    BOOST_TEST_REQUIRE(comes_true([&] { return front.servers_up() == "11"; }));
}

// Asks for /me without a token, as the client 127.0.0.2, who says to be somebody else; the client as
// wxlogind's log has it.
std::string client_seen(deployment& running, const balancer& front) {
    child_process curl{
        {"curl", "--silent", "--interface", "127.0.0.2", "--header", "X-Forwarded-For: 203.0.113.66",
         "--header", "X-Request-Id: made-up", "http://" + front.address() + "/me"},
        running.file("curl.log")};
    BOOST_TEST(curl.wait() == 0);
    const std::string line = running.wxlogind().wait_for_line([](std::string_view each) {
        return each.find(R"("request")") != std::string_view::npos &&
               each.find("/me") != std::string_view::npos;
    });
    BOOST_TEST(line.find("made-up") == std::string::npos);
    return text_of(boost::json::parse(line).as_object(), "client");
}

// Logins by GET and POST over one connection, and one too large to be taken.
void logs_in_through(const deployment& running, const balancer& front) {
    http_connection client{front.address()};
    const std::string code = running.mint_code("ada");
    const auto first = json_of(client.exchange(get_request("/login?code=" + code)));
    const auto second = json_of(
        client.exchange(post_json_request("/login", R"({"code":")" + running.mint_code("ada") + R"("})")));
    BOOST_TEST(text_of(first, "id") == text_of(second, "id"));
    const http_reply large =
        http_post(front.address(), "/login", R"({"code":")" + std::string(40'000, 'x') + R"("})");
    BOOST_TEST(large.status == 413u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(balancers)

BOOST_AUTO_TEST_CASE(haproxy_passes_logins_on_and_the_clients_address) {
    deployment running{with_server(trusting)};
    const balancer front = balancer::haproxy(haproxy_in_front_of(running));
    wait_until_up(front);
    logs_in_through(running, front);
    BOOST_TEST(client_seen(running, front) == "127.0.0.2");
}

BOOST_AUTO_TEST_CASE(without_trust_the_balancer_itself_is_the_client) {
    deployment running;
    const balancer front = balancer::haproxy(haproxy_in_front_of(running));
    wait_until_up(front);
    BOOST_TEST(client_seen(running, front) == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(haproxy_sends_a_proxy_header_of_either_version) {
    for (const std::string& version : {" send-proxy check-send-proxy", " send-proxy-v2 check-send-proxy"}) {
        deployment running{with_server(trusting + "proxy_protocol = true\n")};
        // The header alone has to say who the client is.
        replacements changes = haproxy_in_front_of(running, version);
        changes.emplace_back("    option forwardfor\n", "");
        const balancer front = balancer::haproxy(changes);
        wait_until_up(front);
        logs_in_through(running, front);
        BOOST_TEST(client_seen(running, front) == "127.0.0.2");
    }
}

BOOST_AUTO_TEST_CASE(haproxy_looks_away_from_an_instance_that_is_not_ready) {
    deployment running{with_server(trusting + "drain_delay_ms = 5000\n")};
    const balancer front = balancer::haproxy(haproxy_in_front_of(running));
    wait_until_up(front);
    running.wxlogind().send_signal(SIGTERM);
    BOOST_TEST(comes_true([&] { return front.servers_up() == "00"; }));
    BOOST_TEST(!running.wxlogind().poll().has_value());
}

BOOST_AUTO_TEST_CASE(nginx_passes_logins_on_and_the_clients_address) {
    deployment running{with_server(trusting)};
    const balancer front = balancer::nginx(nginx_in_front_of(running));
    logs_in_through(running, front);
    BOOST_TEST(client_seen(running, front) == "127.0.0.2");
}

BOOST_AUTO_TEST_CASE(haproxy_keeps_more_than_an_instance_is_to_have_from_it_and_says_so_as_wxlogind_does) {
    deployment running{with_server(trusting)};
    replacements changes = haproxy_in_front_of(running);
    changes.emplace_back("maxconn 1024", "maxconn 1");
    const balancer front = balancer::haproxy(changes);
    wait_until_up(front);
    running.inject(R"({"kind":"hang"})");
    std::vector<http_connection> inside;
    for (int i = 0; i < 2; ++i)
        inside.emplace_back(front.address()).send(get_request("/login?code=" + running.mint_code("ada")));
    const auto are_inside = [&] {
        return metrics_text{http_get(running.internal_address(), "/metrics").body}.value(
                   "wxlogind_admission_inside", R"(lane="logins")") == 2.0;
    };
    BOOST_TEST_REQUIRE(comes_true(are_inside));
    const http_reply refused = http_get(front.address(), "/login?code=" + running.mint_code("bob"));
    BOOST_TEST(refused.status == 503u);
    BOOST_TEST(text_of(json_of(refused), "code") == "overloaded");
    BOOST_TEST(text_of(json_of(refused), "retry") == "later");
    BOOST_TEST(refused.field("content-type") == "application/problem+json");
    BOOST_TEST(refused.field("retry-after") == "1");
    BOOST_TEST(are_inside());
}

BOOST_AUTO_TEST_CASE(nginx_keeps_more_than_an_instance_is_to_have_from_it) {
    deployment running{with_server(trusting)};
    replacements changes = nginx_in_front_of(running);
    changes.emplace_back("max_conns=1024", "max_conns=1");
    const balancer front = balancer::nginx(changes);
    running.inject(R"({"kind":"hang"})");
    http_connection inside{front.address()};
    inside.send(get_request("/login?code=" + running.mint_code("ada")));
    BOOST_TEST(comes_true([&] { return http_get(front.address(), "/healthz").status == 502u; }));
    running.clear_faults();
}

BOOST_AUTO_TEST_CASE(both_configurations_are_good_as_they_stand_but_for_the_certificate) {
    const temporary_directory files;
    const certificate own = make_self_signed();
    std::ofstream{files.file("both.pem")} << own.certificate_pem << own.key_pem;
    std::ofstream{files.file("certificate.pem")} << own.certificate_pem;
    std::ofstream{files.file("key.pem")} << own.key_pem;
    std::ofstream{files.file("haproxy.cfg")}
        << configuration_with("etc/haproxy/balance.cfg", {{"/etc/haproxy/certs/", files.file("both.pem")}});
    child_process haproxy{{"/usr/sbin/haproxy", "-c", "-f", files.file("haproxy.cfg")}, files.file("log")};
    BOOST_TEST(haproxy.wait() == 0, haproxy.output());
    BOOST_TEST(haproxy.output().find("WARNING") == std::string::npos, haproxy.output());

    std::ofstream{files.file("nginx.conf")}
        << "pid " << files.file("pid") << "; events {} http { access_log off;\n"
        << configuration_with(
               "etc/nginx/balance.conf",
               {{"/etc/nginx/certs/login.example.com.pem", files.file("certificate.pem")},
                {"/etc/nginx/certs/login.example.com.key", files.file("key.pem")}})
        << "}\n";
    child_process nginx{
        {"/usr/sbin/nginx", "-t", "-q", "-c", files.file("nginx.conf"), "-e", "stderr"},
        files.file("nginx.log")};
    BOOST_TEST(nginx.wait() == 0, nginx.output());
}

BOOST_AUTO_TEST_SUITE_END()

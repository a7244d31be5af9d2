// SIGHUP to the real program: what changes while it runs, what does not, and what a broken file does.
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

std::string bearer(const http_reply& login) {
    return "Authorization: Bearer " + text_of(json_of(login), "token") + "\r\n";
}

unsigned verified(const deployment& by, const std::string& authorization) {
    return http_get(by.internal_address(), "/verify", authorization).status;
}

std::int64_t number_of(const boost::json::object& from, std::string_view name) {
    return from.at(name).to_number<std::int64_t>();
}

void reload_well(deployment& of) {
    const auto said = of.reload();
    BOOST_TEST_REQUIRE(text_of(said, "message") == "SIGHUP: reloaded");
}

// The line of the last reload about `key`.
boost::json::object line_about(deployment& of, const std::string& key) {
    const std::string wanted = "\"key\":\"" + key + "\"";
    return boost::json::parse(of.wxlogind().wait_for_line([&](std::string_view line) {
               return line.find(wanted) != std::string_view::npos;
           }))
        .as_object();
}

constexpr std::string_view orders_section = R"([[service_keys]]
name = "orders"
hash = "00000000000000000000000000000000000000000000000000000000000000aa"
scopes = ["verify"]
)";

} // namespace

BOOST_AUTO_TEST_SUITE(reload)

BOOST_AUTO_TEST_CASE(lifetimes_and_sessions_per_user_count_from_the_next_login_on) {
    deployment running;
    const auto before = running.log_in(running.mint_code("ann"));
    BOOST_TEST(number_of(json_of(before), "expires_in") == 7200);
    running.configure([](deployment_options& options) {
        options.tokens = "access_ttl_s = 60\nrefresh_ttl_s = 600\nsession_ttl_s = 6000\n";
        options.first_app = "sessions_per_user = 1\nexpose_openid = false\n";
    });
    reload_well(running);
    const auto after = running.log_in(running.mint_code("ann"));
    BOOST_TEST(number_of(json_of(after), "expires_in") == 60);
    BOOST_TEST(number_of(json_of(after), "refresh_expires_in") == 600);
    BOOST_TEST(!json_of(after).contains("openid"));
    // Sessions from before the number was set do not count; the one after it does.
    const auto last = running.log_in(running.mint_code("ann"));
    BOOST_TEST(verified(running, bearer(after)) == 401u);
    BOOST_TEST(verified(running, bearer(last)) == 200u);
    const auto line = line_about(running, "tokens.access_ttl_s");
    BOOST_TEST(text_of(line, "was") == "7200");
    BOOST_TEST(text_of(line, "is") == "60");
}

BOOST_AUTO_TEST_CASE(limits_of_requests_count_on_connections_that_are_open) {
    deployment running;
    http_connection kept{running.public_address()};
    const std::string body = R"({"code":")" + std::string(3000, 'x') + R"("})";
    BOOST_TEST(kept.exchange(post_json_request("/login", body)).status == 400u);
    running.configure([](deployment_options& options) { options.server = "max_body_bytes = 2000\n"; });
    reload_well(running);
    BOOST_TEST(kept.exchange(post_json_request("/login", body)).status == 413u);

    http_connection other{running.public_address()};
    BOOST_TEST(other.exchange(get_request("/healthz")).status == 200u);
    running.configure(
        [](deployment_options& options) { options.server = "max_requests_per_connection = 1\n"; });
    reload_well(running);
    BOOST_TEST(other.exchange(get_request("/healthz")).field("connection") == "close");
}

BOOST_AUTO_TEST_CASE(quotas_and_trusted_proxies_count_from_the_next_request_on) {
    deployment_options options;
    options.sections = "[limits]\nlogins_per_address = 1\n";
    deployment running{options};
    http_connection proxy{running.public_address()};
    const std::string client = "X-Forwarded-For: 203.0.113.7\r\n";
    const auto ask = [&] { return proxy.exchange(get_request("/login?code=x", client)).status; };
    // Loopback is not limited, and nobody is believed.
    for (int i = 0; i < 3; ++i) BOOST_TEST(ask() == 401u);
    running.configure(
        [](deployment_options& options) { options.server = "trusted_proxies = [\"127.0.0.1\"]\n"; });
    reload_well(running);
    BOOST_TEST(ask() == 401u);
    BOOST_TEST(ask() == 429u);
    running.configure(
        [](deployment_options& options) { options.sections = "[limits]\nlogins_per_address = 0\n"; });
    reload_well(running);
    BOOST_TEST(ask() == 401u);
    running.configure([](deployment_options& options) {
        options.sections = "[limits]\nlogins_per_address = 1\n";
        options.server.clear();
    });
    reload_well(running);
    for (int i = 0; i < 3; ++i) BOOST_TEST(ask() == 401u);
}

BOOST_AUTO_TEST_CASE(service_keys_come_and_go) {
    deployment running;
    const auto users = [&] { return http_get(running.internal_address(), "/users").status; };
    BOOST_TEST(users() == 200u);
    running.configure([](deployment_options& options) {
        options.server = "require_service_keys = true\n";
        options.sections = orders_section;
    });
    reload_well(running);
    BOOST_TEST(users() == 401u);
    BOOST_TEST(text_of(line_about(running, "service_keys.orders"), "is") == "added");
    running.configure([](deployment_options& options) { options.server.clear(), options.sections.clear(); });
    reload_well(running);
    BOOST_TEST(users() == 200u);
}

BOOST_AUTO_TEST_CASE(times_of_wechat_count_from_the_next_exchange_on) {
    deployment_options options;
    options.wechat = "timeout_ms = 60000\nfirst_byte_timeout_ms = 60000\n";
    deployment running{options};
    running.inject(R"({"kind":"hang"})");
    running.configure([](deployment_options& options) {
        options.wechat = "timeout_ms = 300\nconnect_timeout_ms = 200\ntls_timeout_ms = 200\n"
                         "first_byte_timeout_ms = 200\n";
    });
    reload_well(running);
    const auto began = std::chrono::steady_clock::now();
    BOOST_TEST(running.log_in(running.mint_code("ann")).status == 504u);
    BOOST_TEST((std::chrono::steady_clock::now() - began < 30s)); // it would be a minute
}

BOOST_AUTO_TEST_CASE(the_level_of_the_log_changes) {
    deployment_options quiet;
    quiet.log_level = "info";
    deployment running{quiet};
    running.configure([](deployment_options& options) { options.log_level = "debug"; });
    reload_well(running);
    BOOST_TEST(text_of(line_about(running, "log.level"), "is") == "debug");

    // With "warning" even the reload itself says nothing: the metrics tell of it.
    const auto change_level = [&](const std::string& level, const std::string& reloads) {
        running.configure([&](deployment_options& options) { options.log_level = level; });
        running.wxlogind().send_signal(SIGHUP);
        const std::string done = "wxlogind_config_reloads_total{result=\"taken_in\"} " + reloads + "\n";
        const auto limit = std::chrono::steady_clock::now() + 30s;
        while (http_get(running.internal_address(), "/metrics").body.find(done) == std::string::npos)
            BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit));
    };
    const auto paths = [&] {
        std::set<std::string> all;
        std::istringstream lines{running.wxlogind().output()};
        for (std::string line; std::getline(lines, line);)
            if (line.find("\"message\":\"request\"") != std::string::npos)
                all.insert(text_of(boost::json::parse(line).as_object(), "path"));
        return all;
    };
    change_level("warning", "2");
    BOOST_TEST(http_get(running.public_address(), "/healthz").status == 200u);
    change_level("info", "3");
    BOOST_TEST(http_get(running.public_address(), "/readyz").status == 200u);
    BOOST_TEST(running.stop_wxlogind() == 0); // every line is written
    BOOST_TEST(!paths().contains("/healthz"));
    BOOST_TEST(paths().contains("/readyz"));
}

BOOST_AUTO_TEST_CASE(keys_that_need_a_restart_keep_their_value_and_are_named) {
    deployment running;
    const auto token = bearer(running.log_in(running.mint_code("ann")));
    running.configure([](deployment_options& options) {
        options.threads = 3;
        options.tokens = "issuer = \"another\"\naccess_ttl_s = 60\n";
    });
    const auto said = running.reload();
    BOOST_TEST(number_of(said, "changed") == 1);
    BOOST_TEST(number_of(said, "need_restart") == 2);
    const auto line = line_about(running, "tokens.issuer");
    BOOST_TEST(text_of(line, "level") == "warning");
    BOOST_TEST(text_of(line, "message") == "SIGHUP: the old value is kept: restart to change it");
    BOOST_TEST(text_of(line, "counts") == "wxlogind");
    BOOST_TEST(text_of(line, "in_file") == "another");
    BOOST_TEST(verified(running, token) == 200u);
    // What could be taken in was.
    BOOST_TEST(number_of(json_of(running.log_in(running.mint_code("ann"))), "expires_in") == 60);
    BOOST_TEST(running.stop_wxlogind() == 0);
    running.start_wxlogind();
    BOOST_TEST(verified(running, token) == 401u);
}

BOOST_AUTO_TEST_CASE(a_broken_file_changes_nothing_and_is_seen) {
    deployment running;
    const std::string file = running.file("wxlogind.toml");
    const auto refused = [&](const std::string& why) {
        const auto said = running.reload();
        BOOST_TEST(text_of(said, "level") == "error");
        BOOST_TEST(text_of(said, "what") == "configuration");
        BOOST_TEST(text_of(said, "why").find(why) != std::string::npos, text_of(said, "why"));
        BOOST_TEST(number_of(json_of(running.log_in(running.mint_code("ann"))), "expires_in") == 7200);
    };
    // The first half is good, and does not count either.
    running.configure([](deployment_options& options) {
        options.tokens = "access_ttl_s = 60\n";
        options.sections = "[limits]\nlogins_per_app = -5\n";
    });
    refused(file + ":");
    refused("limits.logins_per_app: -5 is out of range");
    running.configure([](deployment_options& options) { options.sections = "[limits]\nno_such_key = 1\n"; });
    refused("unknown key");
    std::ofstream{file} << "[server\n";
    refused(":1: not TOML");
    std::ofstream{file} << "";
    refused("apps: there is none");
    running.configure([](deployment_options& options) {
        options.sections.clear();
        options.first_app = "next_secret_file = \"missing.secret\"\n";
    });
    refused("next_secret_file");

    const auto audit = json_of(http_get(running.internal_address(), "/audit?event=configuration_reloaded"));
    unsigned refusals = 0;
    for (const auto& each : audit.at("records").as_array())
        refusals += each.at("detail").as_string() == "refused" ? 1 : 0;
    BOOST_TEST(refusals > 0u);
    const auto figures = [&] { return http_get(running.internal_address(), "/metrics").body; };
    BOOST_TEST(figures().find("wxlogind_config_last_reload_successful 0\n") != std::string::npos);
    running.configure([](deployment_options& options) { options.first_app.clear(); });
    reload_well(running);
    BOOST_TEST(figures().find("wxlogind_config_last_reload_successful 1\n") != std::string::npos);
    BOOST_TEST(number_of(json_of(running.log_in(running.mint_code("ann"))), "expires_in") == 60);
}

BOOST_AUTO_TEST_SUITE_END()

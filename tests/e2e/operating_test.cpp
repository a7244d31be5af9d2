// What an operator sees: who called, what is wrong, and what to look at.
#include "tests/support/deployment.hpp"
#include "tests/support/free_port.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wxlogind::test;

namespace {

// The log's line with `text` in it, which has to come.
boost::json::object line_with(deployment& running, std::string_view text) {
    const std::string line = running.wxlogind().wait_for_line(
        [text](std::string_view each) { return each.find(text) != std::string_view::npos; });
    return boost::json::parse(line).as_object();
}

std::size_t count(const std::string& in, std::string_view text) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = in.find(text, at)) != std::string::npos; at += text.size()) ++found;
    return found;
}

deployment_options with_server(std::string lines) {
    deployment_options options;
    options.server = std::move(lines);
    return options;
}

// One event loop, so that one breaker and one pool see every login.
deployment_options impatient() {
    deployment_options options;
    options.threads = 1;
    options.wechat = "timeout_ms = 1000\nconnect_timeout_ms = 400\ntls_timeout_ms = 400\n"
                     "first_byte_timeout_ms = 300\nbreaker_failures = 2\nbreaker_pause_ms = 100\n";
    return options;
}

constexpr std::string_view from_elsewhere{
    "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\nX-Request-Id: trace-77.a_b\r\n"};

} // namespace

BOOST_AUTO_TEST_SUITE(operating)

BOOST_AUTO_TEST_CASE(a_trusted_proxy_says_who_the_client_is_and_names_the_request) {
    deployment running{with_server("trusted_proxies = [\"127.0.0.0/8\"]\n")};
    const http_reply reply = http_get(running.public_address(), "/me", from_elsewhere);
    BOOST_TEST(reply.field("x-request-id") == "trace-77.a_b");
    BOOST_TEST(text_of(json_of(reply), "request_id") == "trace-77.a_b");
    BOOST_TEST(text_of(line_with(running, "trace-77.a_b"), "client") == "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(nobody_else_does) {
    deployment running;
    const http_reply reply = http_get(running.public_address(), "/me", from_elsewhere);
    BOOST_TEST(reply.field("x-request-id").size() == 16u);
    BOOST_TEST(text_of(line_with(running, reply.field("x-request-id")), "client") == "127.0.0.1");
    // Also of what was not even a request.
    const http_reply refused = http_connection{running.public_address()}.exchange("GET / HTTP/1.1\r\n\r\n");
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(text_of(line_with(running, refused.field("x-request-id")), "client") == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(the_internal_listener_may_be_a_unix_socket) {
    deployment_options options;
    options.internal_socket = "internal.sock";
    deployment running{options};
    BOOST_TEST_REQUIRE(running.internal_address().starts_with("unix:/"));
    const auto login = json_of(running.log_in(running.mint_code("pat")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    const http_reply valid = http_get(running.internal_address(), "/verify", bearer);
    BOOST_TEST(valid.status == 200u);
    BOOST_TEST(valid.field("x-user-id") == text_of(login, "id"));
    BOOST_TEST(http_get(running.internal_address(), "/verify").status == 401u);
    BOOST_TEST(!line_with(running, valid.field("x-request-id")).contains("client"));
    // The next start finds the socket's file gone, or, after kill -9, in its way.
    BOOST_TEST(running.stop_wxlogind() == 0);
    BOOST_TEST(!std::filesystem::exists(running.file("internal.sock")));
    running.start_wxlogind();
    running.kill_wxlogind();
    BOOST_TEST(std::filesystem::exists(running.file("internal.sock")));
    running.start_wxlogind();
    BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_taken_port_ends_the_start_and_is_named) {
    const deployment first;
    const std::string configuration = first.file("second.toml");
    std::ofstream{configuration} << "[server]\nlisten = \"" << first.public_address()
                                 << "\"\ninternal_listen = \"127.0.0.1:0\"\n[[apps]]\nappid = \"wx1\"\n"
                                 << "secret_file = \"first.secret\"\n[storage]\nurl = \"sqlite:second.db\"\n"
                                 << "[tokens]\nkeys_file = \"second.keys\"\n";
    child_process second{{program_path("wxlogind"), "--config", configuration}, first.file("second.log")};
    BOOST_TEST(second.wait() == 1);
    const std::string said = second.output();
    BOOST_TEST_CONTEXT(said) {
        BOOST_TEST(
            said.find("cannot listen on " + first.public_address() + ": Address already in use") !=
            std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(what_wechat_holds_against_an_app_is_said_with_what_to_check) {
    deployment running{impatient()};
    const std::vector<std::pair<std::string, std::string_view>> cases{
        {"40013", "appid"}, {"40125", "secret_file"}, {"40164", "allow-list"}, {"45009", "quota"}};
    for (const auto& [errcode, word] : cases) {
        BOOST_TEST_CONTEXT(errcode) {
            running.inject(R"({"kind":"errcode","errcode":)" + errcode + R"(,"count":2})");
            BOOST_TEST(running.log_in(running.mint_code("quinn")).status >= 400u);
            BOOST_TEST(running.log_in(running.mint_code("quinn")).status >= 400u);
            const auto line = line_with(running, "\"errcode\":" + errcode);
            BOOST_TEST(text_of(line, "check").find(word) != std::string::npos);
            BOOST_TEST(text_of(line, "appid") == first_appid);
            BOOST_TEST(text_of(line, "level") == (errcode == "45009" ? "warning" : "error"));
            BOOST_TEST(running.stop_wxlogind() == 0);
            // Twice the trouble is one line.
            BOOST_TEST(count(running.wxlogind().output(), "\"errcode\"") == 1u);
            running.start_wxlogind();
        }
    }
}

BOOST_AUTO_TEST_CASE(the_breaker_says_once_that_it_opened_and_once_that_it_closed) {
    deployment running{impatient()};
    running.inject(R"({"kind":"refuse_accept"})");
    const auto down = [&] { return running.log_in(running.mint_code("rosa")).status == 503u; };
    while (running.wxlogind().output().find("breaker is open") == std::string::npos) BOOST_TEST(down());
    const auto opened = line_with(running, "breaker is open");
    BOOST_TEST(text_of(opened, "level") == "error");
    BOOST_TEST(
        text_of(opened, "why") == "WeChat cannot be reached: no TLS"); // the simulator accepts and resets
    const auto reason = line_with(running, "no connection to an upstream");
    BOOST_TEST(!text_of(reason, "why").empty());
    BOOST_TEST(text_of(reason, "host") == "localhost");

    // Probes that fail say nothing new; that one has failed is said again after a second.
    while (count(running.wxlogind().output(), "no connection to an upstream") < 2) BOOST_TEST(down());
    running.clear_faults();
    while (running.log_in(running.mint_code("rosa")).status != 200u) {
    }
    line_with(running, "breaker is closed");
    BOOST_TEST(running.stop_wxlogind() == 0);
    BOOST_TEST(count(running.wxlogind().output(), "breaker is open") == 1u);
    BOOST_TEST(count(running.wxlogind().output(), "breaker is closed") == 1u);
}

// What the operator reads: the breaker's line names the cause and where to look, the one of the connection
// says what the system said.
BOOST_AUTO_TEST_CASE(why_wechat_cannot_be_reached_is_said_with_what_to_check) {
    struct cause {
        std::string fault;    // of the simulator; "" = none
        std::string base_url; // in place of the simulator's; "" = the simulator's
        std::string_view why;
        std::string_view check;
        std::string_view reason; // of the line of the connection; "" = there is none
    };
    const std::string nobody_listens = "https://127.0.0.1:" + std::to_string(free_port());
    const std::vector<cause> causes{
        {"", "https://wechat.invalid", "its name has no address", "getent hosts", ""},
        {"", nobody_listens, "no connection", "port 443", "Connection refused"},
        {R"({"kind":"wrong_certificate","certificate":"expired"})", "", "no TLS", "the clock", "expired"},
        {R"({"kind":"wrong_certificate","certificate":"self_signed"})", "", "no TLS", "wechat.ca_file",
         "self-signed certificate"},
        {R"({"kind":"tls_stall"})", "", "no TLS", "intercepts TLS", "no TLS handshake in time"},
    };
    for (const cause& each : causes) BOOST_TEST_CONTEXT(each.why << ' ' << each.reason) {
            deployment_options options = impatient();
            options.base_url = each.base_url;
            deployment running{options};
            if (!each.fault.empty()) running.inject(each.fault);
            while (running.wxlogind().output().find("breaker is open") == std::string::npos)
                BOOST_TEST_REQUIRE(running.log_in(running.mint_code("rosa")).status == 503u);
            const auto opened = line_with(running, "breaker is open");
            BOOST_TEST(text_of(opened, "why") == "WeChat cannot be reached: " + std::string{each.why});
            BOOST_TEST(text_of(opened, "check").find(each.check) != std::string::npos);
            if (each.reason.empty()) continue;
            const auto reason = line_with(running, "no connection to an upstream");
            BOOST_TEST(text_of(reason, "why").find(each.reason) != std::string::npos, text_of(reason, "why"));
        }
}

BOOST_AUTO_TEST_CASE(lost_keys_are_an_alarm_when_there_are_users) {
    deployment running;
    BOOST_TEST(running.wxlogind().output().find("the keys are new") == std::string::npos);
    const auto login = json_of(running.log_in(running.mint_code("sam")));
    const std::string bearer = "Authorization: Bearer " + text_of(login, "token") + "\r\n";
    BOOST_TEST(running.stop_wxlogind() == 0);
    std::filesystem::remove(running.file("keys.toml"));
    running.start_wxlogind();
    const auto alarm = line_with(running, "the keys are new and the users are not");
    BOOST_TEST(text_of(alarm, "level") == "error");
    BOOST_TEST(text_of(alarm, "keys_file") == running.file("keys.toml"));
    BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 401u);
    BOOST_TEST(text_of(json_of(running.log_in(running.mint_code("sam"))), "id") == text_of(login, "id"));
}

BOOST_AUTO_TEST_SUITE_END()

// PROXY headers on real connections.
#include "tests/net/echo_service.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

server_settings with_header(std::vector<std::string> trusted) {
    server_settings settings;
    settings.trusted_proxies = std::move(trusted);
    settings.proxy_protocol = true;
    settings.header_timeout = 500ms;
    return settings;
}

const std::string text_header = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
const std::string binary_header = std::string{"\r\n\r\n\0\r\nQUIT\n", 12} +
                                  "\x21\x11\x00\x0c\xc0\x00\x02\x07\xc6\x33\x64\x01\xdc\x04\x01\xbb"s;

// Who the service was told that the client is.
std::string client_in(const http_reply& reply) {
    return reply.body.find("192.0.2.7") != std::string::npos     ? "192.0.2.7"
           : reply.body.find("127.0.0.1\n") != std::string::npos ? "127.0.0.1"
                                                                 : reply.body;
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_protocol)

BOOST_AUTO_TEST_CASE(a_trusted_proxy_names_the_client_for_all_requests_of_the_connection) {
    echo_service service;
    running_server running{service, with_header({"127.0.0.1"})};
    for (const std::string& header : {text_header, binary_header}) {
        http_connection client{running.address()};
        BOOST_TEST(client_in(client.exchange(header + get_request("/"))) == "192.0.2.7");
        BOOST_TEST(client_in(client.exchange(get_request("/"))) == "192.0.2.7");
        // It is no proxy of ours: what it says of others does not count.
        const auto reply =
            client.exchange(get_request("/", "X-Forwarded-For: 203.0.113.9\r\nX-Request-Id: mine\r\n"));
        BOOST_TEST(client_in(reply) == "192.0.2.7");
        BOOST_TEST(reply.field("x-request-id") != "mine");
    }
}

BOOST_AUTO_TEST_CASE(the_header_may_come_byte_by_byte) {
    echo_service service;
    running_server running{service, with_header({"127.0.0.1"})};
    for (const std::string& header : {text_header, binary_header}) {
        http_connection client{running.address()};
        for (const char each : header) client.send(std::string(1, each));
        BOOST_TEST(client_in(client.exchange(get_request("/"))) == "192.0.2.7");
    }
}

BOOST_AUTO_TEST_CASE(a_proxy_may_speak_for_itself) {
    echo_service service;
    running_server running{service, with_header({"127.0.0.1"})};
    const std::string local = std::string{"\r\n\r\n\0\r\nQUIT\n", 12} + "\x20\0\0\0"s;
    for (const std::string& header : {local, "PROXY UNKNOWN\r\n"s}) {
        http_connection client{running.address()};
        BOOST_TEST(client_in(client.exchange(header + get_request("/"))) == "127.0.0.1");
        // And is trusted as before.
        const auto reply = client.exchange(get_request("/", "X-Forwarded-For: 192.0.2.7\r\n"));
        BOOST_TEST(client_in(reply) == "192.0.2.7");
    }
}

BOOST_AUTO_TEST_CASE(a_trusted_proxy_without_a_header_is_closed_without_an_answer) {
    echo_service service;
    running_server running{service, with_header({"127.0.0.1"})};
    http_connection without{running.address()};
    BOOST_TEST(without.exchange(get_request("/")).status == 0u);
    http_connection half{running.address()};
    half.send(text_header.substr(0, 20));
    BOOST_TEST(half.closes_within(5s));
    http_connection silent{running.address()};
    BOOST_TEST(silent.closes_within(5s));
    BOOST_TEST(service.handled == 0);
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 0; }));
}

BOOST_AUTO_TEST_CASE(of_others_a_header_is_a_bad_request_and_none_is_wanted) {
    echo_service service;
    running_server running{service, with_header({"192.0.2.0/24"})};
    http_connection stranger{running.address()};
    BOOST_TEST(stranger.exchange(text_header + get_request("/")).status == 400u);
    http_connection direct{running.address()};
    BOOST_TEST(client_in(direct.exchange(get_request("/"))) == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(where_it_is_not_configured_a_header_is_a_bad_request) {
    echo_service service;
    server_settings settings = with_header({"127.0.0.1"});
    settings.proxy_protocol = false;
    running_server running{service, settings};
    for (const std::string& header : {text_header, binary_header}) {
        http_connection client{running.address()};
        BOOST_TEST(client.exchange(header + get_request("/")).status == 400u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

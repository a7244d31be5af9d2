#include "tests/net/pool_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/socket.h>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(https_exchange)

// --- what became of the request

BOOST_AUTO_TEST_CASE(a_refused_connection_sends_nothing) {
    std::uint16_t port = 0;
    {
        port = tls_peer{localhost(), always("")}.port();
    }
    check_fault(client{port}.exchange(), fault::connect, false);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_made_in_time_sends_nothing) {
    // A listener that accepts nothing, its queue full.
    asio::io_context io;
    asio::ip::tcp::acceptor deaf{io, {asio::ip::address_v4::loopback(), 0}, false};
    deaf.listen(0);
    std::vector<asio::ip::tcp::socket> fill;
    for (int i = 0; i < 4; ++i) {
        auto& socket = fill.emplace_back(io);
        socket.open(asio::ip::tcp::v4());
        socket.non_blocking(true);
        const auto to = deaf.local_endpoint();
        [[maybe_unused]] const int started =
            ::connect(socket.native_handle(), to.data(), static_cast<socklen_t>(to.size()));
    }
    const auto started = steady_clock::now();
    check_fault(client{deaf.local_endpoint().port()}.exchange(60s), fault::connect, false);
    BOOST_TEST((steady_clock::now() - started < 30s));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_lost_is_told_as_lost_and_nothing_is_sent_again) {
    const peer_script losses[] = {
        [](peer_connection& with) { with.read_request(), with.reset(); },
        [](peer_connection& with) { with.read_request(); },
        [](peer_connection& with) { with.read_request(), with.say_goodbye(); },
        [](peer_connection& with) {
            with.read_request(), with.send("HTTP/1.1 200 OK\r\nContent-Le"), with.reset();
        },
        [](peer_connection& with) {
            with.read_request(), with.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
        },
        [](peer_connection& with) {
            with.read_request(), with.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"),
                with.say_goodbye();
        },
        // The end of the body is the end of the connection, but anybody can cut a connection.
        [](peer_connection& with) { with.read_request(), with.send("HTTP/1.1 200 OK\r\n\r\nhel"); },
        [](peer_connection& with) { with.read_request(), with.send("HTTP/1.1 100 Continue\r\n\r\n"); },
    };
    for (const peer_script& script : losses) {
        tls_peer peer{localhost(), script};
        client to{peer.port()};
        check_fault(to.exchange(), fault::closed, true);
        BOOST_TEST(peer.requests() == 1u);
        BOOST_TEST(peer.connections() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(the_same_over_a_kept_connection_is_lost_as_well) {
    tls_peer peer{localhost(), [](peer_connection& with) {
                      with.read_request();
                      with.send(ok("x"));
                      with.read_request();
                      with.reset();
                  }};
    client to{peer.port()};
    check_fault(to.exchange(), fault::none, true);
    check_fault(to.exchange(), fault::closed, true);
    BOOST_TEST(peer.requests() == 2u);
    BOOST_TEST(peer.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(silence_after_the_request_ends_at_the_first_byte_deadline) {
    const auto started = steady_clock::now();
    check_fault(
        one([](peer_connection& with) { with.read_request(), with.wait_for_close(); }, 60s), fault::deadline,
        true);
    BOOST_TEST((steady_clock::now() - started < 30s));
}

BOOST_AUTO_TEST_CASE(a_trickle_ends_at_the_absolute_deadline) {
    const auto started = steady_clock::now();
    const auto outcome = one(
        [](peer_connection& with) {
            with.read_request();
            with.send_slowly(ok(std::string(1000, 'x')), 20ms);
        },
        600ms);
    check_fault(outcome, fault::deadline, true);
    BOOST_TEST((steady_clock::now() - started < 15s)); // the whole takes 20
}

BOOST_AUTO_TEST_CASE(a_response_in_single_bytes_is_whole) {
    const auto outcome = one([](peer_connection& with) {
        with.read_request();
        with.send_slowly(ok("hello"), 0ms);
        with.wait_for_close();
    });
    check_fault(outcome, fault::none, true);
    BOOST_TEST(outcome.body == "hello");
}

// --- HTTP

BOOST_AUTO_TEST_CASE(any_final_response_is_given_as_it_is) {
    const auto check = [](const std::string& bytes, unsigned status, std::string_view body) {
        const exchange_outcome outcome = answered_with(bytes);
        BOOST_TEST_CONTEXT(bytes.substr(0, 40)) {
            check_fault(outcome, fault::none, true);
            BOOST_TEST(outcome.status == status);
            BOOST_TEST(outcome.body == body);
        }
    };
    const std::string html = "Content-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>";
    check("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + ok("x"), 200, "x");
    check("HTTP/1.1 204 No Content\r\n\r\n", 204, "");
    check("HTTP/1.1 301 Moved\r\nLocation: https://localhost/\r\nContent-Length: 0\r\n\r\n", 301, "");
    check("HTTP/1.1 429 Too Many\r\n" + html, 429, "<html></html>");
    check("HTTP/1.1 502 Bad Gateway\r\n" + html, 502, "<html></html>");
    check("HTTP/1.1 503 Unavailable\r\n" + html, 503, "<html></html>");
    check("HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n", 412, "");
    check("HTTP/1.1 200 OK\r\n\r\nto the end", 200, "to the end");
    check("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok");
    check("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b", 200, "\x1f\x8b");
}

BOOST_AUTO_TEST_CASE(the_end_of_an_empty_chunked_body_may_come_in_a_record_of_its_own) {
    const auto outcome = one([](peer_connection& with) {
        with.read_request();
        with.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        with.send("0\r\n");
        with.send("\r\n");
        with.wait_for_close();
    });
    check_fault(outcome, fault::none, true);
    BOOST_TEST(outcome.body.empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_http_or_too_much_of_it_is_a_bad_response) {
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string& bytes :
         {std::string{"SSH-2.0-OpenSSH_9.2\r\n\r\n"},
          "HTTP/1.1 200 OK\r\nX: " + std::string(100 * 1024, 'x') + "\r\n\r\n",
          chunked + "0\r\nX: " + std::string(70 * 1024, 'x') + "\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n" + std::string(100 * 1024, 'x'),
          "HTTP/1.1 200 OK\r\n\r\n" + std::string(100 * 1024, 'x'), chunked + "zz\r\n"})
        BOOST_TEST_CONTEXT(bytes.substr(0, 40)) check_fault(answered_with(bytes), fault::bad_response, true);
}

BOOST_AUTO_TEST_SUITE_END()

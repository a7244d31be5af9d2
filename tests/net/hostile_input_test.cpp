#include "tests/net/echo_service.hpp"
#include "tests/net/request_vectors.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/memory.hpp"
#include "tests/support/running_server.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <stdexcept>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

// False when the server has hung up, which it may before all is sent.
bool is_sent(http_connection& client, std::string_view bytes) {
    try {
        client.send(bytes);
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

// Sends `bytes`, those before `split` first, and returns the status of the answer.
unsigned status_for(const std::string& address, std::string_view bytes, std::size_t split) {
    http_connection client{address};
    if (is_sent(client, bytes.substr(0, split))) is_sent(client, bytes.substr(split));
    return client.receive(bytes.starts_with("HEAD ")).status;
}

unsigned expected_status(const request_vector& vector) {
    return vector.expected == errc{} ? 200 : echo_service::status_of(vector.expected);
}

bool is_alive(const std::string& address) {
    return http_get(address, "/alive").status == 200;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_input)

BOOST_AUTO_TEST_CASE(every_vector_is_answered_and_the_server_lives_on) {
    echo_service service;
    running_server running{service, {}, 2};
    for (const request_vector& each : request_vectors()) BOOST_TEST_CONTEXT(each.name) {
            BOOST_TEST(status_for(running.address(), each.bytes, each.bytes.size()) == expected_status(each));
            BOOST_TEST(is_alive(running.address()));
        }
}

BOOST_AUTO_TEST_CASE(every_vector_is_answered_wherever_it_is_split) {
    echo_service service;
    running_server running{service, {}, 2};
    std::size_t memory_after_first = 0;
    for (int round = 0; round < 2; ++round) {
        for (const request_vector& each : request_vectors()) {
            const std::size_t stride = each.bytes.size() > 600 ? each.bytes.size() / 20 : 7;
            std::size_t wrong = 0;
            for (std::size_t split = 1; split < each.bytes.size(); split += stride)
                wrong += status_for(running.address(), each.bytes, split) == expected_status(each) ? 0 : 1;
            BOOST_TEST_CONTEXT(each.name) {
                BOOST_TEST(wrong == 0u);
            }
        }
        BOOST_TEST(is_alive(running.address()));
        if (round == 0) memory_after_first = resident_bytes();
    }
    if (memory_can_be_measured) BOOST_TEST(resident_bytes() < memory_after_first + (8u << 20));
}

BOOST_AUTO_TEST_CASE(vectors_that_are_refused_are_refused_behind_a_good_request_too) {
    echo_service service;
    running_server running{service};
    for (const request_vector& each : request_vectors()) {
        if (each.expected == errc{} || each.bytes.starts_with('\r')) continue;
        BOOST_TEST_CONTEXT(each.name) {
            http_connection client{running.address()};
            const int served = service.handled;
            is_sent(client, get_request("/good") + each.bytes);
            BOOST_TEST(client.receive().status == 200u);
            BOOST_TEST(client.receive().status == expected_status(each));
            BOOST_TEST(client.receive().status == 0u);
            BOOST_TEST(service.handled == served + 1);
        }
    }
}

BOOST_AUTO_TEST_CASE(two_hundred_megabytes_of_trailers_and_extensions_take_no_memory) {
    echo_service service;
    running_server running{service};
    BOOST_TEST(is_alive(running.address()));
    const std::size_t before = resident_bytes();
    const std::string head = "POST /login HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string trailer = "X-Trailer: " + std::string(1 << 16, 't') + "\r\n";
    const std::string extension = "1;" + std::string(1 << 16, 'e') + "\r\nx\r\n";
    for (const auto& [start, endless] :
         {std::pair{head + "0\r\n", trailer},
          {head, extension},
          {"GET / HTTP/1.1\r\n", trailer},
          {"GET /", trailer},
          {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 209715200\r\n\r\n", trailer}}) {
        http_connection client{running.address()};
        std::size_t sent = 0;
        if (is_sent(client, start))
            while (sent < (200u << 20) && is_sent(client, endless)) sent += endless.size();
        BOOST_TEST(sent < (20u << 20)); // the server has hung up long before
        BOOST_TEST(is_alive(running.address()));
        if (memory_can_be_measured) BOOST_TEST(resident_bytes() < before + (8u << 20));
    }
}

BOOST_AUTO_TEST_CASE(a_thousand_clients_with_half_a_request_take_little_memory) {
    echo_service service;
    running_server running{service};
    BOOST_TEST(is_alive(running.address()));
    std::deque<http_connection> clients;
    const auto open_more = [&](int count, const std::string& bytes) {
        const std::size_t before = resident_bytes();
        const std::size_t open = clients.size();
        for (int i = 0; i < count; ++i) {
            clients.emplace_back(running.address());
            clients.back().send(bytes);
        }
        BOOST_TEST(comes_true(
            [&] { return running.server().open_connections() >= open + static_cast<std::size_t>(count); }));
        BOOST_TEST(is_alive(running.address())); // behind them in the queue
        return (resident_bytes() - before) / static_cast<std::size_t>(count);
    };
    const std::size_t a_login = open_more(500, post_json_request("/login", std::string(200, 'x')));
    const std::size_t half_a_header = open_more(500, "GET / HTTP/1.1\r\nHost: h\r\n");
    const std::size_t large = open_more(
        500, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 16384\r\n\r\n" + std::string(16000, 'x'));
    BOOST_TEST_MESSAGE(
        "bytes a connection, client's side included: idle " << a_login << ", half a header " << half_a_header
                                                            << ", large body " << large);
    if (!memory_can_be_measured) return;
    BOOST_TEST(a_login <= 8192u);
    BOOST_TEST(half_a_header <= 8192u);
    BOOST_TEST(large <= 36u * 1024);
}

BOOST_AUTO_TEST_SUITE_END()

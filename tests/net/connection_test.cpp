#include "tests/net/echo_service.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/socket.h>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

std::string line_of(const std::string& text, int number) {
    std::size_t begin = 0;
    for (int i = 0; i < number; ++i) begin = text.find('\n', begin) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

server_settings quick() {
    server_settings settings;
    settings.header_timeout = 200ms;
    settings.body_timeout = 200ms;
    settings.keep_alive_timeout = 200ms;
    settings.write_timeout = 200ms;
    return settings;
}

} // namespace

BOOST_AUTO_TEST_SUITE(connection)

BOOST_AUTO_TEST_CASE(a_connection_serves_one_request_after_the_other) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    for (int i = 0; i < 10; ++i) {
        const auto reply = client.exchange(post_json_request("/echo?" + std::to_string(i), "{}"));
        BOOST_TEST(reply.status == 200u);
        BOOST_TEST(line_of(reply.body, 0) == "POST /echo?" + std::to_string(i));
        BOOST_TEST(line_of(reply.body, 2) == "127.0.0.1");
        BOOST_TEST(line_of(reply.body, 4) == "{}");
        BOOST_TEST(reply.field("connection").empty());
        BOOST_TEST(reply.field("x-content-type-options") == "nosniff");
        BOOST_TEST(reply.field("x-request-id") == line_of(reply.body, 3));
        BOOST_TEST(reply.field("x-request-id").size() == 16u);
        BOOST_TEST(reply.field("date").size() == 29u);
    }
    BOOST_TEST(running.server().open_connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_hundred_requests_in_one_segment_are_answered_in_order) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    std::string all;
    for (int i = 0; i < 100; ++i) all += post_json_request("/" + std::to_string(i), std::string(100, 'b'));
    client.send(all);
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(line_of(client.receive().body, 0) == "POST /" + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(requests_are_answered_wherever_the_bytes_are_split) {
    echo_service service;
    running_server running{service};
    const std::string two = post_json_request("/a", "{\"code\":1}") + get_request("/b");
    for (std::size_t place = 1; place < two.size(); ++place) {
        http_connection client{running.address()};
        client.send(two.substr(0, place));
        client.send(two.substr(place));
        BOOST_TEST(line_of(client.receive().body, 0) == "POST /a");
        BOOST_TEST(line_of(client.receive().body, 0) == "GET /b");
    }
}

BOOST_AUTO_TEST_CASE(requests_are_answered_when_every_byte_comes_alone) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    std::string all;
    for (int i = 0; i < 10; ++i) all += post_json_request("/" + std::to_string(i), "{}");
    for (const char byte : all) client.send({&byte, 1});
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(line_of(client.receive().body, 0) == "POST /" + std::to_string(i));
}

BOOST_AUTO_TEST_CASE(bodies_up_to_the_limit_arrive_whole) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    for (const std::size_t size : {0u, 1u, 3000u, 4000u, 4096u, 8192u, 16384u, 10u, 16384u}) {
        std::string body;
        for (std::size_t i = 0; i < size; ++i) body += static_cast<char>('a' + i % 26);
        const auto reply = client.exchange(post_json_request("/echo", body));
        BOOST_TEST((line_of(reply.body, 4) == body));
    }
    // Several large ones at once, so that they straddle the buffer's end.
    const std::string body(10'000, 'z');
    std::string all;
    for (int i = 0; i < 20; ++i) all += post_json_request("/" + std::to_string(i), body);
    client.send(all);
    for (int i = 0; i < 20; ++i) {
        const auto reply = client.receive();
        BOOST_TEST(line_of(reply.body, 0) == "POST /" + std::to_string(i));
        BOOST_TEST((line_of(reply.body, 4) == body));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_the_length_of_the_body_and_no_body) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    const std::string head = "HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n";
    client.send(head + head);
    const auto first = client.receive(true);
    const auto second = client.receive(true);
    BOOST_TEST(first.status == 200u);
    BOOST_TEST(std::stoi(first.field("content-length")) > 0);
    BOOST_TEST(second.status == 200u);
}

BOOST_AUTO_TEST_CASE(no_content_has_no_length) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    const auto reply = client.exchange(get_request("/no-content"));
    BOOST_TEST(reply.status == 204u);
    BOOST_TEST(reply.fields.count("content-length") == 0u);
    BOOST_TEST(reply.fields.count("content-type") == 0u);
    BOOST_TEST(client.exchange(get_request("/a")).status == 200u);
}

BOOST_AUTO_TEST_CASE(options_reaches_the_service) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    const auto reply = client.exchange("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
    BOOST_TEST(line_of(reply.body, 0) == "OPTIONS *");
}

BOOST_AUTO_TEST_CASE(a_client_that_expects_100_continue_gets_it_before_it_sends_the_body) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    BOOST_TEST(client.receive().status == 100u);
    const auto reply = client.exchange("body");
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(line_of(reply.body, 4) == "body");
}

BOOST_AUTO_TEST_CASE(http_1_0_is_told_that_the_connection_lives_and_closed_otherwise) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    const auto kept = client.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    BOOST_TEST(kept.field("connection") == "keep-alive");
    const auto closed = client.exchange("GET / HTTP/1.0\r\n\r\n");
    BOOST_TEST(closed.field("connection") == "close");
    BOOST_TEST(client.closes_within(5s));
}

BOOST_AUTO_TEST_CASE(the_connection_ends_where_client_or_handler_says_so) {
    echo_service service;
    running_server running{service};
    http_connection by_client{running.address()};
    BOOST_TEST(by_client.exchange(get_request("/", "Connection: close\r\n")).field("connection") == "close");
    BOOST_TEST(by_client.closes_within(5s));
    http_connection by_handler{running.address()};
    BOOST_TEST(by_handler.exchange(get_request("/close")).field("connection") == "close");
    BOOST_TEST(by_handler.closes_within(5s));
}

BOOST_AUTO_TEST_CASE(a_connection_ends_after_its_number_of_requests) {
    echo_service service;
    server_settings settings;
    settings.max_requests_per_connection = 3;
    running_server running{service, settings};
    http_connection client{running.address()};
    client.send(get_request("/1") + get_request("/2") + get_request("/3") + get_request("/4"));
    BOOST_TEST(client.receive().field("connection").empty());
    BOOST_TEST(client.receive().field("connection").empty());
    BOOST_TEST(client.receive().field("connection") == "close");
    BOOST_TEST(client.closes_within(5s));
    BOOST_TEST(service.handled == 3);
}

BOOST_AUTO_TEST_CASE(a_header_that_comes_too_slowly_is_answered_408_and_closed) {
    echo_service service;
    running_server running{service, quick()};
    http_connection client{running.address()};
    // Every byte in time, the whole not: the deadline is absolute.
    const auto began = steady_clock::now();
    const std::string head = get_request("/slow");
    std::size_t sent = 0;
    while (service.refused == 0 && sent < head.size() - 1) {
        client.send({&head[sent++], 1});
        std::this_thread::sleep_for(15ms);
    }
    const auto reply = client.receive();
    BOOST_TEST(reply.status == 408u);
    BOOST_TEST(reply.field("connection") == "close");
    BOOST_TEST(client.closes_within(5s));
    BOOST_TEST((steady_clock::now() - began >= 200ms));
}

BOOST_AUTO_TEST_CASE(a_body_that_comes_too_slowly_is_answered_408_and_closed) {
    echo_service service;
    running_server running{service, quick()};
    http_connection client{running.address()};
    const auto reply = client.exchange("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhalf");
    BOOST_TEST(reply.status == 408u);
    BOOST_TEST(client.closes_within(5s));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
    echo_service service;
    running_server running{service, quick()};
    http_connection fresh{running.address()};
    http_connection used{running.address()};
    BOOST_TEST(used.exchange(get_request("/")).status == 200u);
    BOOST_TEST(used.receive().status == 0u);
    BOOST_TEST(fresh.receive().status == 0u);
    BOOST_TEST(service.refused == 0);
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 0; }));
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_holds_back_only_itself_and_is_cut_off) {
    echo_service service;
    running_server running{service, quick()};
    http_connection client{running.address()};
    std::string all;
    for (int i = 0; i < 200; ++i) all += get_request("/large");
    client.send(all);
    BOOST_TEST(comes_true([&] { return service.unwritten == 1; }));
    // One answer of 8 MiB is in the works, not two hundred.
    BOOST_TEST(service.handled <= 2);
    BOOST_TEST(http_get(running.address(), "/").status == 200u);
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 0; }));
}

BOOST_AUTO_TEST_CASE(a_large_answer_to_a_slow_reader_arrives_whole) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    client.send(get_request("/large") + get_request("/after"));
    std::this_thread::sleep_for(20ms); // the server's side of the socket is full meanwhile
    const auto reply = client.receive();
    BOOST_TEST(reply.body.size() == echo_service::large_answer);
    BOOST_TEST(line_of(client.receive().body, 0) == "GET /after");
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_a_500_and_the_next_connection_is_fine) {
    echo_service service;
    running_server running{service};
    for (const char* path : {"/throw", "/throw-after-wait"}) {
        http_connection client{running.address()};
        const auto reply = client.exchange(get_request(path));
        BOOST_TEST(reply.status == 500u);
        BOOST_TEST(reply.field("connection") == "close");
        BOOST_TEST(client.closes_within(5s));
        BOOST_TEST(http_get(running.address(), "/").status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(a_handler_without_memory_is_a_503) {
    echo_service service;
    running_server running{service};
    BOOST_TEST(http_get(running.address(), "/no-memory").status == 503u);
    BOOST_TEST(http_get(running.address(), "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_client_that_is_still_sending_reads_why_it_was_refused) {
    echo_service service;
    running_server running{service};
    const std::string piece(20'000, 'x');
    for (int i = 0; i < 5; ++i) {
        http_connection client{running.address()};
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + piece);
        const auto reply = client.receive();
        BOOST_TEST(reply.status == 413u);
        BOOST_TEST(reply.field("connection") == "close");
        // With a RST in the answer's wake these would fail, and the answer might be lost.
        for (int sent = 0; sent < 9; ++sent) BOOST_CHECK_NO_THROW(client.send(piece));
        BOOST_TEST(client.closes_within(5s));
    }
}

BOOST_AUTO_TEST_CASE(nothing_behind_a_refused_request_is_served) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    client.send(get_request("/1") + "GET /2 HTTP/1.1\r\n\r\n" + get_request("/3"));
    BOOST_TEST(client.receive().status == 200u);
    BOOST_TEST(client.receive().status == 400u);
    BOOST_TEST(client.closes_within(5s));
    BOOST_TEST(service.handled == 1);
}

BOOST_AUTO_TEST_CASE(a_handler_learns_that_its_client_has_gone) {
    echo_service service;
    running_server running{service};
    {
        http_connection client{running.address()};
        client.send(get_request("/until-gone"));
        BOOST_TEST(comes_true([&] { return service.waiting == 1; }));
        BOOST_TEST(service.seen_gone == 0);
    }
    BOOST_TEST(comes_true([&] { return service.seen_gone == 1; }));
    http_connection resets{running.address()};
    resets.send(get_request("/until-gone"));
    BOOST_TEST(comes_true([&] { return service.waiting == 1; }));
    resets.reset();
    BOOST_TEST(comes_true([&] { return service.seen_gone == 2; }));

    http_connection stays{running.address()};
    stays.send(get_request("/is-gone") + get_request("/is-gone"));
    BOOST_TEST(stays.receive().body == "here");
    BOOST_TEST(stays.receive().body == "here");
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 1; }));
}

BOOST_AUTO_TEST_CASE(a_client_that_resets_in_the_middle_leaves_nothing_behind) {
    echo_service service;
    running_server running{service};
    const std::string whole = post_json_request("/echo", "{}");
    for (std::size_t size = 0; size <= whole.size(); size += 7) {
        http_connection client{running.address()};
        client.send(whole.substr(0, size));
        client.reset();
    }
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 0; }));
    BOOST_TEST(http_get(running.address(), "/").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_client_that_half_closes_after_its_request_gets_the_answer) {
    echo_service service;
    running_server running{service};
    http_connection client{running.address()};
    client.send(get_request("/"));
    ::shutdown(client.native_handle(), SHUT_WR);
    BOOST_TEST(client.receive().status == 200u);
    BOOST_TEST(client.closes_within(5s));
}

BOOST_AUTO_TEST_CASE(a_proxy_is_believed_only_where_it_is_trusted) {
    echo_service service;
    const std::string fields =
        "X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\nX-Request-Id: from-proxy_1.2\r\n";
    {
        running_server running{service};
        const auto reply = http_get(running.address(), "/", fields);
        BOOST_TEST(line_of(reply.body, 2) == "127.0.0.1");
        BOOST_TEST(reply.field("x-request-id") != "from-proxy_1.2");
    }
    server_settings settings;
    settings.trusted_proxies = {"127.0.0.0/8"};
    running_server running{service, settings};
    const auto reply = http_get(running.address(), "/", fields);
    BOOST_TEST(line_of(reply.body, 2) == "198.51.100.7");
    BOOST_TEST(reply.field("x-request-id") == "from-proxy_1.2");
    BOOST_TEST(comes_true([&] { return service.last_request_id() == "from-proxy_1.2"; }));
    for (const std::string& bad :
         {std::string{"a b"}, std::string{"<x>"}, std::string(65, 'a'), std::string{},
          std::string{"a\x80"}}) {
        const auto named = http_get(running.address(), "/", "X-Request-Id: " + bad + "\r\n");
        BOOST_TEST(named.status == 200u);
        BOOST_TEST(named.field("x-request-id").size() == 16u);
        BOOST_TEST(named.field("x-request-id") != bad);
    }
}

BOOST_AUTO_TEST_SUITE_END()

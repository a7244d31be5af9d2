#include "core/net/https_pool.hpp"

#include "tests/support/dns_server.hpp"
#include "tests/support/on_reactor.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <openssl/ssl.h>

#include <fstream>
#include <latch>

#include <sys/socket.h>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using fault = exchange_fault;

namespace {

const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

const certificate_authority& authority() {
    static const certificate_authority made;
    return made;
}
const certificate& localhost() {
    static const certificate made = authority().issue();
    return made;
}

// Short, so that the tests are; a tick of the deadlines is 50 ms.
https_limits quick() {
    https_limits limits;
    limits.connect_timeout = 300ms;
    limits.tls_timeout = 300ms;
    limits.first_byte_timeout = 300ms;
    return limits;
}

task<exchange_outcome> exchange(https_pool& pool, https_exchange what) {
    exchange_outcome outcome = co_await pool.exchange(what);
    co_return outcome;
}

struct client {
    explicit client(std::uint16_t port, const https_limits& limits = quick(), std::string host = "localhost")
        : client{https_origin{std::move(host), port}, limits, {}} {}

    client(https_origin origin, const https_limits& limits, const resolver_settings& lookup)
        : upstream{std::move(origin), written_ca(), lookup},
          pool{[&](reactor& home) { return std::make_unique<https_pool>(home, upstream, limits); }} {
        BOOST_TEST_REQUIRE(upstream.names.wait_for_addresses(10s));
    }

    std::future<exchange_outcome> start(https_exchange what = {}, std::chrono::milliseconds within = 5s) {
        what.request = request;
        what.until = steady_clock::now() + within;
        return pool.start<exchange_outcome>([what](https_pool& to) { return ::exchange(to, what); });
    }
    exchange_outcome exchange(std::chrono::milliseconds within = 5s) { return value_of(start({}, within)); }
    https_pool::counts counts() {
        return pool.look([](https_pool& of) { return of.count(); });
    }

    std::string written_ca() {
        std::ofstream{directory.file("ca.pem")} << authority().pem();
        return directory.file("ca.pem");
    }

    temporary_directory directory;
    https_upstream upstream;
    on_reactor<https_pool> pool;
};

std::string name(fault f) {
    return std::string{to_string(f)};
}

// One exchange with a peer that follows `script`.
exchange_outcome one(peer_script script, std::chrono::milliseconds within = 5s) {
    tls_peer peer{localhost(), std::move(script)};
    client to{peer.port()};
    return to.exchange(within);
}

// A peer that answers its one request with `bytes`, says good-bye and closes.
exchange_outcome answered_with(std::string bytes) {
    return one([bytes](peer_connection& with) {
        with.read_request();
        with.send(bytes);
        with.say_goodbye();
    });
}

void check_fault(const exchange_outcome& outcome, fault expected, bool was_sent) {
    BOOST_TEST(name(outcome.fault) == name(expected));
    BOOST_TEST(outcome.was_sent == was_sent);
}

} // namespace

BOOST_AUTO_TEST_SUITE(https_pool)

// --- TLS

BOOST_AUTO_TEST_CASE(an_exchange_over_a_verified_connection_has_its_response) {
    tls_peer peer{localhost(), always(ok("hello"))};
    client to{peer.port()};
    const exchange_outcome outcome = to.exchange();
    check_fault(outcome, fault::none, true);
    BOOST_TEST(outcome.status == 200u);
    BOOST_TEST(outcome.body == "hello");
}

BOOST_AUTO_TEST_CASE(an_address_is_verified_as_an_address) {
    tls_peer right{authority().issue({.host = "127.0.0.1"}), always(ok("x"))};
    check_fault(client{right.port(), quick(), "127.0.0.1"}.exchange(), fault::none, true);
    tls_peer wrong{localhost(), always(ok("x"))};
    check_fault(client{wrong.port(), quick(), "127.0.0.1"}.exchange(), fault::tls, false);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_good_for_the_host_now_is_refused_before_anything_is_sent) {
    const certificate bad[] = {
        authority().issue({.host = "another.test"}),
        make_self_signed(),
        authority().issue({.starts_in = -48h, .ends_in = -24h}),
        authority().issue({.starts_in = 24h, .ends_in = 48h}),
        certificate_authority{}.issue(),
    };
    for (const certificate& each : bad) {
        tls_peer peer{each, always(ok("x"))};
        client to{peer.port()};
        check_fault(to.exchange(), fault::tls, false);
        BOOST_TEST(peer.requests() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(tls_1_2_is_spoken_and_older_versions_are_not) {
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        tls_peer old{localhost(), always(ok("x")), {.max_tls_version = version}};
        check_fault(client{old.port()}.exchange(), fault::tls, false);
    }
    tls_peer fair{localhost(), always(ok("x")), {.max_tls_version = TLS1_2_VERSION}};
    check_fault(client{fair.port()}.exchange(), fault::none, true);
}

BOOST_AUTO_TEST_CASE(a_stall_or_garbage_in_the_handshake_is_not_sent) {
    check_fault(
        one([](peer_connection& with) { with.read_raw(), with.wait_for_close(); }), fault::tls, false);
    check_fault(one([](peer_connection& with) { with.read_raw(); }), fault::tls, false);
    check_fault(one([](peer_connection& with) { with.read_raw(), with.reset(); }), fault::tls, false);
    const exchange_outcome reset_at_once = one([](peer_connection& with) { with.reset(); });
    BOOST_TEST((reset_at_once.fault == fault::tls || reset_at_once.fault == fault::connect));
    BOOST_TEST(!reset_at_once.was_sent);
}

BOOST_AUTO_TEST_CASE(the_next_connection_resumes_the_session) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_peer peer{
            localhost(),
            always("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"),
            {.max_tls_version = version}};
        client to{peer.port()};
        for (int i = 0; i < 3; ++i) check_fault(to.exchange(), fault::none, true);
        BOOST_TEST(peer.resumptions() == 2u);
        BOOST_TEST(to.counts().resumed == 2u);
        BOOST_TEST(to.counts().opened == 3u);
    }
}

// --- keeping connections

BOOST_AUTO_TEST_CASE(a_connection_is_kept_and_the_one_used_last_is_used_first) {
    tls_peer peer{localhost(), always(ok("x"))};
    client to{peer.port()};
    for (int i = 0; i < 5; ++i) check_fault(to.exchange(), fault::none, true);
    BOOST_TEST(peer.connections() == 1u);
    BOOST_TEST(to.counts().reused == 4u);
    BOOST_TEST(to.counts().idle == 1u);
}

BOOST_AUTO_TEST_CASE(a_connection_that_was_closed_or_spoke_while_idle_is_not_used) {
    enum class deed {
        fin,
        goodbye,
        reset,
        chatter
    };
    for (const deed what : {deed::fin, deed::goodbye, deed::reset, deed::chatter}) {
        std::latch is_idle{1};
        std::latch is_done{1};
        tls_peer acting{localhost(), [&, what](peer_connection& with) {
                            with.read_request();
                            with.send(ok("x"));
                            if (with.index() != 0) return with.wait_for_close();
                            is_idle.wait();
                            if (what == deed::goodbye) with.say_goodbye();
                            if (what == deed::chatter) with.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
                            if (what == deed::reset) with.reset();
                            if (what == deed::fin) with.shut_down_output();
                            is_done.count_down();
                            if (what != deed::reset) with.wait_for_close();
                        }};
        client to{acting.port()};
        check_fault(to.exchange(), fault::none, true);
        is_idle.count_down();
        is_done.wait();
        check_fault(to.exchange(), fault::none, true);
        BOOST_TEST(acting.connections() == 2u);
        BOOST_TEST(to.counts().opened == 2u);
    }
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_with_a_goodbye_when_it_is_too_old) {
    std::promise<void> closed;
    tls_peer peer{localhost(), [&](peer_connection& with) {
                      with.read_request();
                      with.send(ok("x"));
                      with.wait_for_close();
                      closed.set_value();
                  }};
    https_limits limits = quick();
    limits.idle_timeout = 100ms;
    client to{peer.port(), limits};
    check_fault(to.exchange(), fault::none, true);
    value_of(closed.get_future());
    BOOST_TEST(to.counts().idle == 0u);
}

BOOST_AUTO_TEST_CASE(responses_that_end_a_connection_or_leave_bytes_behind_end_its_use) {
    const std::string one_response = ok("x");
    for (const std::string& last :
         {one_response + one_response, one_response + "x",
          std::string{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"},
          std::string{"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"}}) {
        tls_peer peer{localhost(), always(last)};
        client to{peer.port()};
        for (int i = 0; i < 2; ++i) {
            const exchange_outcome outcome = to.exchange();
            check_fault(outcome, fault::none, true);
            BOOST_TEST(outcome.body == "x");
        }
        BOOST_TEST(peer.connections() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(a_fresh_exchange_leaves_the_kept_connection_alone) {
    tls_peer peer{localhost(), always(ok("x"))};
    client to{peer.port()};
    check_fault(to.exchange(), fault::none, true);
    https_exchange what;
    what.fresh = true;
    check_fault(value_of(to.start(what)), fault::none, true);
    BOOST_TEST(peer.connections() == 2u);
    BOOST_TEST(to.counts().idle == 2u);
}

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
    ::listen(deaf.native_handle(), 0);
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
    check_fault(client{deaf.local_endpoint().port()}.exchange(), fault::connect, false);
    BOOST_TEST((steady_clock::now() - started < 1500ms));
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
        one([](peer_connection& with) { with.read_request(), with.wait_for_close(); }), fault::deadline,
        true);
    BOOST_TEST((steady_clock::now() - started < 2s));
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
    BOOST_TEST((steady_clock::now() - started < 2s));
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

// --- bounds

BOOST_AUTO_TEST_CASE(connections_are_bounded_and_the_rest_waits_its_turn) {
    tls_peer peer{localhost(), always(ok("x"))};
    https_limits limits = quick();
    limits.max_connections = 2;
    client to{peer.port(), limits};
    std::vector<std::future<exchange_outcome>> all;
    for (int i = 0; i < 50; ++i) all.push_back(to.start());
    for (auto& each : all) check_fault(value_of(std::move(each)), fault::none, true);
    BOOST_TEST(peer.connections() <= 2u);
    BOOST_TEST(peer.requests() == 50u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_and_those_in_it_wait_no_longer_than_their_deadline) {
    std::latch may_answer{1};
    tls_peer peer{localhost(), [&](peer_connection& with) {
                      with.read_request();
                      may_answer.wait();
                      with.send(ok("x"));
                      with.wait_for_close();
                  }};
    https_limits limits;
    limits.max_connections = 1;
    limits.max_waiting = 1;
    limits.first_byte_timeout = 10s;
    client to{peer.port(), limits};
    auto first = to.start({}, 10s);
    auto second = to.start({}, 200ms);
    auto third = to.start({}, 200ms);
    check_fault(value_of(std::move(third)), fault::queue_full, false);
    check_fault(value_of(std::move(second)), fault::deadline, false);
    BOOST_TEST(to.counts().waiting == 0u);
    may_answer.count_down();
    check_fault(value_of(std::move(first)), fault::none, true);
    BOOST_TEST(peer.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_for_a_client_that_left_while_it_waited) {
    std::latch may_answer{1};
    tls_peer peer{localhost(), [&](peer_connection& with) {
                      with.read_request();
                      may_answer.wait();
                      with.send(ok("x"));
                      while (!with.read_request().empty()) with.send(ok("y"));
                  }};
    https_limits limits;
    limits.max_connections = 1;
    client to{peer.port(), limits};
    auto first = to.start();
    std::atomic<bool> is_here{true};
    https_exchange what;
    what.is_wanted = [&] { return is_here.load(); };
    auto second = to.start(what);
    is_here = false;
    may_answer.count_down();
    check_fault(value_of(std::move(first)), fault::none, true);
    check_fault(value_of(std::move(second)), fault::unwanted, false);
    check_fault(to.exchange(), fault::none, true);
    BOOST_TEST(peer.connections() == 1u); // the connection went back unused
    BOOST_TEST(peer.requests() == 2u);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_pool_ends_what_waits_and_lets_what_runs_be) {
    std::latch is_asked{1};
    tls_peer peer{localhost(), [&](peer_connection& with) {
                      with.read_request();
                      is_asked.count_down();
                      with.wait_for_close();
                  }};
    https_limits limits;
    limits.max_connections = 1;
    std::future<exchange_outcome> running;
    std::future<exchange_outcome> waiting;
    {
        client to{peer.port(), limits};
        running = to.start();
        waiting = to.start();
        is_asked.wait();
    }
    BOOST_TEST(peer.requests() == 1u);
}

// --- addresses

BOOST_AUTO_TEST_CASE(connections_are_spread_over_the_addresses_and_a_dead_one_costs_little) {
    const certificate own = authority().issue({.host = "api.wechat.test"});
    const auto answer = always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    tls_peer first{own, answer, {.address = "127.0.0.1"}};
    tls_peer second{own, answer, {.address = "127.0.0.2", .port = first.port()}};
    tls_peer third{own, answer, {.address = "127.0.0.3", .port = first.port()}};
    dns_server names{{dns_answer::kind::addresses, {"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"}}};
    resolver_settings lookup;
    lookup.servers = {names.address()};
    client to{{"api.wechat.test", first.port()}, quick(), lookup};
    int failed = 0;
    for (int i = 0; i < 40; ++i)
        if (to.exchange().fault != fault::none) ++failed;
    BOOST_TEST(failed <= 4);
    for (const tls_peer* each : {&first, &second, &third}) BOOST_TEST(each->requests() >= 10u);
}

BOOST_AUTO_TEST_CASE(without_an_address_nothing_is_sent) {
    dns_server names{{dns_answer::kind::failure}};
    resolver_settings lookup;
    lookup.servers = {names.address()};
    temporary_directory directory;
    std::ofstream{directory.file("ca.pem")} << authority().pem();
    const https_upstream upstream{{"api.wechat.test", 443}, directory.file("ca.pem"), lookup};
    on_reactor<net::https_pool> pool{
        [&](reactor& home) { return std::make_unique<net::https_pool>(home, upstream, quick()); }};
    https_exchange what;
    what.request = request;
    what.until = steady_clock::now() + 5s;
    auto pending = pool.start<exchange_outcome>([what](net::https_pool& to) { return ::exchange(to, what); });
    check_fault(value_of(std::move(pending)), fault::no_address, false);
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_is_not_one_stops_the_start) {
    temporary_directory directory;
    std::ofstream{directory.file("ca.pem")} << "not a certificate";
    BOOST_CHECK_THROW(tls_client_context{directory.file("ca.pem")}, std::runtime_error);
    BOOST_CHECK_THROW(tls_client_context{directory.file("missing.pem")}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

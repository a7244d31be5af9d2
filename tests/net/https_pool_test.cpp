#include "tests/net/pool_fixture.hpp"

#include "tests/support/dns_server.hpp"

#include <boost/test/unit_test.hpp>

#include <latch>
#include <thread>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(https_pool)

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

// The deadline that would have closed it is late as well.
BOOST_AUTO_TEST_CASE(an_idle_connection_that_is_too_old_is_not_used_when_the_event_loop_was_held_up) {
    tls_peer peer{localhost(), always(ok("x"))};
    https_limits limits = quick();
    limits.idle_timeout = 200ms;
    client to{peer.port(), limits};
    check_fault(to.exchange(), fault::none, true);
    std::size_t idle = 0;
    const https_exchange what{.request = request, .until = steady_clock::now() + 5s};
    auto next = to.pool.start<exchange_outcome>([&](net::https_pool& over) {
        std::this_thread::sleep_for(400ms); // the hold-up
        idle = over.count().idle;
        return exchange_over(over, what);
    });
    check_fault(value_of(std::move(next)), fault::none, true);
    BOOST_TEST(idle == 1u);
    BOOST_TEST(to.counts().reused == 0u);
    BOOST_TEST(peer.connections() == 2u);
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
        to.pool.end_part();
        check_fault(value_of(std::move(waiting)), fault::deadline, false);
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
    BOOST_TEST(failed == 0); // it refuses at once
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
    auto pending =
        pool.start<exchange_outcome>([what](net::https_pool& to) { return exchange_over(to, what); });
    check_fault(value_of(std::move(pending)), fault::no_address, false);
}

BOOST_AUTO_TEST_CASE(a_ca_file_that_is_not_one_stops_the_start) {
    temporary_directory directory;
    std::ofstream{directory.file("ca.pem")} << "not a certificate";
    BOOST_CHECK_THROW(tls_client_context{directory.file("ca.pem")}, std::runtime_error);
    BOOST_CHECK_THROW(tls_client_context{directory.file("missing.pem")}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

#include "tests/net/echo_service.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <boost/test/unit_test.hpp>

#include <boost/asio/post.hpp>

#include <deque>
#include <future>
#include <stdexcept>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

bool is_refused(const std::string& address) {
    try {
        http_connection client{address};
        return false;
    } catch (const std::runtime_error&) {
        return true;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(drain)

BOOST_AUTO_TEST_CASE(who_has_connected_is_served_after_the_doors_have_closed) {
    echo_service service;
    running_server running{service, {}, 2};
    http_connection client{running.address()};
    BOOST_TEST(client.exchange(get_request("/")).status == 200u);
    running.server().stop_accepting();
    BOOST_TEST(comes_true([&] { return is_refused(running.address()); }));
    const auto reply = client.exchange(get_request("/"));
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.field("connection").empty());
}

BOOST_AUTO_TEST_CASE(idle_connections_close_at_once_and_busy_ones_after_their_answer) {
    echo_service service;
    running_server running{service, {}, 2};
    http_connection fresh{running.address()};
    http_connection idle{running.address()};
    BOOST_TEST(idle.exchange(get_request("/")).status == 200u);
    http_connection busy{running.address()};
    busy.send(get_request("/wait"));
    http_connection half_sent{running.address()};
    half_sent.send("GET /half HTTP/1.1\r\nHo");
    BOOST_TEST(comes_true([&] { return service.waiting == 1 && running.server().open_connections() == 4; }));

    running.server().stop_accepting();
    running.server().finish_current_requests();
    BOOST_TEST(idle.closes_within(5s));
    BOOST_TEST(fresh.closes_within(5s));
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 2; }));

    service.may_go_on = true;
    const auto answered = busy.receive();
    BOOST_TEST(answered.status == 200u);
    BOOST_TEST(answered.field("connection") == "close");
    BOOST_TEST(busy.closes_within(5s));
    const auto completed = half_sent.exchange("st: h\r\n\r\n");
    BOOST_TEST(completed.status == 200u);
    BOOST_TEST(completed.field("connection") == "close");
    BOOST_TEST(half_sent.closes_within(5s));
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 0; }));
}

BOOST_AUTO_TEST_CASE(who_has_just_connected_may_still_ask_once) {
    echo_service service;
    running_server running{service};
    http_connection fresh{running.address()};
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 1; }));
    running.server().stop_accepting();
    running.server().finish_current_requests();
    BOOST_TEST(comes_true([&] { return is_refused(running.address()); }));
    const auto reply = fresh.exchange(get_request("/"));
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.field("connection") == "close");
}

BOOST_AUTO_TEST_CASE(what_is_left_is_closed_and_a_handler_that_runs_on_answers_nobody) {
    echo_service service;
    running_server running{service};
    http_connection busy{running.address()};
    busy.send(get_request("/wait"));
    http_connection half_sent{running.address()};
    half_sent.send("GET");
    http_connection stuck{running.address()};
    stuck.send(get_request("/large"));
    BOOST_TEST(comes_true([&] { return service.waiting == 1 && service.handled == 2; }));
    running.server().close_remaining();
    BOOST_TEST(busy.closes_within(5s));
    BOOST_TEST(half_sent.closes_within(5s));
    BOOST_TEST(stuck.closes_within(5s));
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 1; }));
    service.may_go_on = true;
    BOOST_TEST(comes_true([&] { return running.server().open_connections() == 0; }));
    BOOST_TEST(service.unwritten == 2);
}

BOOST_AUTO_TEST_CASE(a_handler_learns_that_its_connection_was_closed_by_us) {
    echo_service service;
    running_server running{service};
    http_connection busy{running.address()};
    busy.send(get_request("/until-gone"));
    BOOST_TEST(comes_true([&] { return service.waiting == 1; }));
    running.server().close_remaining();
    BOOST_TEST(comes_true([&] { return service.seen_gone == 1; }));
}

BOOST_AUTO_TEST_CASE(no_request_that_was_sent_before_the_drain_is_lost) {
    echo_service service;
    running_server running{service, {}, 2};
    // Sent and at once drained: each is either answered or was never taken up, and a request that the server
    // has received is answered.
    for (int round = 0; round < 50; ++round) {
        running_server own{service, {}, 1};
        std::deque<http_connection> clients;
        for (int i = 0; i < 8; ++i) {
            clients.emplace_back(own.address());
            BOOST_TEST_REQUIRE(clients.back().exchange(get_request("/")).status == 200u);
        }
        for (auto& each : clients) each.send(get_request("/"));
        own.server().stop_accepting();
        own.server().finish_current_requests();
        for (auto& each : clients) BOOST_TEST(each.receive().status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(connections_in_the_queue_of_a_closing_door_are_served) {
    echo_service service;
    for (int round = 0; round < 20; ++round) {
        running_server running{service, {}, 2};
        std::deque<http_connection> clients;
        for (int i = 0; i < 20; ++i) {
            clients.emplace_back(running.address());
            clients.back().send(get_request("/"));
        }
        running.server().stop_accepting();
        for (auto& each : clients) BOOST_TEST(each.receive().status == 200u);
    }
}

// The loop has had no turn since they connected: it knows nothing of them, and nothing of the drain.
BOOST_AUTO_TEST_CASE(who_waits_in_the_queue_when_the_drain_begins_is_waited_for) {
    echo_service service;
    running_server running{service};
    std::promise<void> may_turn;
    boost::asio::post(
        running.reactors()[0].get_executor(), [held = may_turn.get_future().share()] { held.wait(); });
    http_connection queued{running.address()};
    queued.send(get_request("/"));

    running.server().stop_accepting();
    running.server().finish_current_requests();
    BOOST_TEST(!running.server().is_deserted());
    may_turn.set_value();
    BOOST_TEST(comes_true([&] { return running.server().is_deserted(); }));
    running.server().close_remaining();
    BOOST_TEST(queued.receive().status == 200u);
}

BOOST_AUTO_TEST_CASE(the_end_may_come_at_any_time) {
    echo_service service;
    service.may_go_on = true;
    for (int round = 0; round < 20; ++round) {
        running_server running{service, {}, 2};
        std::deque<http_connection> clients;
        for (int i = 0; i < 10; ++i) {
            clients.emplace_back(running.address());
            clients.back().send(get_request(i % 2 == 0 ? "/wait" : "/large"));
        }
        // Destroyed with connections in every state.
    }
    BOOST_TEST(service.handled >= 0);
}

BOOST_AUTO_TEST_SUITE_END()

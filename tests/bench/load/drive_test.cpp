// The threads that make the load, against a server that behaves as it is told to, over real sockets.
#include "bench/load/drive/run_load.hpp"
#include "bench/load/scenario/session_uses.hpp"
#include "tests/bench/load/scripted_server.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::load;
using namespace std::chrono_literals;
using wxlogind::test::scripted_server;

namespace {

using deed = scripted_server::deed;

const std::string good_answer = scripted_server::answer("200 OK", "{}");

deed answer_well(std::string_view, std::size_t) {
    return {{good_answer}, false};
}

load_plan plan_for(const std::string& address) {
    load_plan plan;
    plan.open_to_all = std::make_shared<endpoint>(address);
    plan.internal = plan.open_to_all;
    plan.connections = 4;
    plan.interval = 100ms;
    plan.measured_intervals = 5;
    plan.timeout = 5s;
    return plan;
}

load_result run_gets(const load_plan& plan, const std::atomic<bool>* stop = nullptr) {
    std::vector<operations> what;
    for (unsigned thread = 0; thread < plan.threads; ++thread)
        what.emplace_back(thread).add(
            std::make_unique<repeated_operation>(
                "get", listener::open_to_all, std::vector<std::string>{"GET / HTTP/1.1\r\nHost: t\r\n\r\n"},
                1),
            1);
    run_watch watch;
    watch.stop = stop;
    return run_load(plan, what, watch);
}

std::uint64_t failures(const load_result& of, unsigned status, std::string_view code) {
    for (const failure_count& each : of.total.whole().failures)
        if (each.kind.status == status && each.kind.what == code) return each.count;
    return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(drive)

BOOST_AUTO_TEST_CASE(a_closed_loop_keeps_its_connections_and_counts_every_answer) {
    scripted_server server{answer_well};
    load_plan plan = plan_for(server.address());
    plan.threads = 2;
    const load_result result = run_gets(plan);
    const tally whole = result.total.whole();
    BOOST_TEST(whole.failed == 0u);
    BOOST_TEST(whole.succeeded > 10u);
    BOOST_TEST(server.connections() == 4u);
    // What was in flight at the end was answered too.
    BOOST_TEST(whole.latency.count() == server.requests());
    BOOST_TEST(whole.succeeded <= server.requests());
}

BOOST_AUTO_TEST_CASE(warm_up_is_left_out) {
    scripted_server server{answer_well};
    load_plan plan = plan_for(server.address());
    plan.warm_up_intervals = 3;
    plan.rate = 200;
    const load_result result = run_gets(plan);
    BOOST_TEST(server.requests() + result.total.unstarted == 160u);                    // in 800 ms
    BOOST_TEST(result.total.whole().latency.count() + result.total.unstarted == 100u); // in 500 ms
}

BOOST_AUTO_TEST_CASE(an_open_loop_lets_a_stall_count_for_all_who_would_have_come_meanwhile) {
    // One request of 1,000 a second stalls the only connection for 300 ms.
    const auto stalls_once = [](std::string_view, std::size_t number) {
        if (number == 50) std::this_thread::sleep_for(300ms);
        return deed{{good_answer}, false};
    };
    scripted_server server{stalls_once};
    load_plan plan = plan_for(server.address());
    plan.connections = 1;
    plan.rate = 1000;
    const load_result result = run_gets(plan);
    const tally open = result.total.whole();
    // 300 were meant to start meanwhile, and those of the first 200 ms waited for 100 ms or longer. Whose
    // turn had not come when the run ended, on a slow machine, are counted as well.
    BOOST_TEST(open.latency.count_above(99ms) + result.total.unstarted >= 190u);
    BOOST_TEST(open.latency.count() + result.total.unstarted == 500u);

    scripted_server again{stalls_once};
    plan = plan_for(again.address());
    plan.connections = 1;
    const tally closed = run_gets(plan).total.whole();
    BOOST_TEST(closed.latency.count_above(200ms) >= 1u);
    BOOST_TEST(closed.latency.count_above(200ms) <= 3u); // a closed loop hides it
}

BOOST_AUTO_TEST_CASE(starts_that_never_came_to_be_are_counted) {
    scripted_server server{[](std::string_view, std::size_t) {
        std::this_thread::sleep_for(20ms);
        return deed{{good_answer}, false};
    }};
    load_plan plan = plan_for(server.address());
    plan.connections = 1;
    plan.rate = 1000;
    const load_result result = run_gets(plan);
    // 500 were meant; at most 25 went through.
    BOOST_TEST(result.total.unstarted >= 470u);
    BOOST_TEST(result.total.unstarted + server.requests() == 500u);
}

BOOST_AUTO_TEST_CASE(an_open_loop_keeps_its_rate) {
    scripted_server server{answer_well};
    load_plan plan = plan_for(server.address());
    plan.rate = 400;
    plan.threads = 2;
    const load_result result = run_gets(plan);
    BOOST_TEST(result.total.unstarted + server.requests() == 200u);
    BOOST_TEST(result.total.whole().latency.count() == server.requests());
}

BOOST_AUTO_TEST_CASE(answers_may_come_in_pieces) {
    scripted_server server{[](std::string_view, std::size_t) {
        deed slow;
        for (const char c : good_answer) slow.pieces.emplace_back(1, c);
        return slow;
    }};
    const load_result result = run_gets(plan_for(server.address()));
    BOOST_TEST(result.total.whole().failed == 0u);
    BOOST_TEST(result.total.whole().succeeded > 0u);
}

BOOST_AUTO_TEST_CASE(a_server_may_close_after_an_answer_if_it_says_so_or_not) {
    scripted_server says_so{[](std::string_view, std::size_t) {
        return deed{{scripted_server::answer("200 OK", "{}", "Connection: close\r\n")}, true};
    }};
    const load_result result = run_gets(plan_for(says_so.address()));
    BOOST_TEST(result.total.whole().failed == 0u);
    BOOST_TEST(result.total.whole().succeeded > 4u);
    BOOST_TEST(says_so.connections() == says_so.requests());
}

BOOST_AUTO_TEST_CASE(a_new_connection_for_each_request_when_wanted) {
    scripted_server server{answer_well};
    load_plan plan = plan_for(server.address());
    plan.reconnects = true;
    const load_result result = run_gets(plan);
    BOOST_TEST(result.total.whole().failed == 0u);
    BOOST_TEST(server.connections() == server.requests());
}

BOOST_AUTO_TEST_CASE(failures_are_counted_by_what_they_are) {
    scripted_server server{[](std::string_view, std::size_t number) {
        switch (number % 4) {
        case 0: return deed{{scripted_server::answer("503 Busy", R"({"code":"overloaded"})")}, false};
        case 1: return deed{{}, true};
        case 2: return deed{{"SSH-2.0-nothing\r\n\r\n"}, true};
        default: return deed{{good_answer}, false};
        }
    }};
    const load_result result = run_gets(plan_for(server.address()));
    BOOST_TEST(failures(result, 503, "overloaded") > 0u);
    BOOST_TEST(failures(result, 0, "connection_closed") > 0u);
    BOOST_TEST(failures(result, 0, "malformed_reply") > 0u);
    const tally whole = result.total.whole();
    BOOST_TEST(whole.latency.count() + whole.failed == server.requests());
}

BOOST_AUTO_TEST_CASE(who_gets_no_answer_is_given_up_and_the_load_goes_on) {
    scripted_server server{[](std::string_view, std::size_t number) {
        return number == 3 ? deed{} : deed{{good_answer}, false};
    }};
    load_plan plan = plan_for(server.address());
    plan.timeout = 200ms;
    const load_result result = run_gets(plan);
    BOOST_TEST(failures(result, 0, "timeout") >= 1u);
    BOOST_TEST((result.total.whole().latency.max() >= 200ms)); // it waited, and that shows
    BOOST_TEST(result.total.whole().succeeded > 0u);
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_is_a_failure_and_no_storm) {
    std::string gone;
    {
        scripted_server server{answer_well};
        gone = server.address();
    }
    const load_result result = run_gets(plan_for(gone));
    const std::uint64_t refused = failures(result, 0, "connection_refused");
    BOOST_TEST(refused > 0u);
    BOOST_TEST(refused <= 4u * 500 / 10 + 8); // four connections, 10 ms between tries, half a second
}

BOOST_AUTO_TEST_CASE(idle_connections_stay_open_and_are_opened_again) {
    scripted_server server{[](std::string_view head, std::size_t number) {
        // One that idles is closed without a word.
        return deed{{good_answer}, head.starts_with("GET /healthz") && number < 3};
    }};
    load_plan plan = plan_for(server.address());
    plan.idle_connections = 20;
    plan.idle_interval = 200ms;
    plan.measured_intervals = 20;
    const load_result result = run_gets(plan);
    BOOST_TEST(result.total.whole().failed == 0u);
    BOOST_TEST(result.parked == 20u);
    BOOST_TEST(server.connections() == 20u + 3 + 4);
}

BOOST_AUTO_TEST_CASE(idle_connections_stay_open_when_requests_have_connections_of_their_own) {
    scripted_server server{answer_well};
    load_plan plan = plan_for(server.address());
    plan.idle_connections = 5;
    plan.reconnects = true;
    const load_result result = run_gets(plan);
    BOOST_TEST(result.parked == 5u);
    BOOST_TEST(server.connections() == server.requests());
}

BOOST_AUTO_TEST_CASE(a_run_that_is_broken_off_tells_what_there_was) {
    scripted_server server{answer_well};
    load_plan plan = plan_for(server.address());
    plan.measured_intervals = 1000;
    std::atomic<bool> stop{false};
    std::jthread later{[&] {
        while (server.requests() < 50) std::this_thread::sleep_for(1ms);
        stop = true;
    }};
    const load_result result = run_gets(plan, &stop);
    BOOST_TEST(result.is_interrupted);
    BOOST_TEST(result.total.whole().latency.count() == server.requests());
    BOOST_TEST(result.seconds > 0);
    BOOST_TEST(result.seconds < 60);
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/base/queue_gate.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <vector>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

// A server that serves `per_ms` requests a millisecond, each of which then takes `service` more without
// needing it: what waits is a queue, first come, first served.
class simulated_server {
public:
    simulated_server(double per_ms, std::chrono::milliseconds service, const queue_rules& rules)
        : gate{rules}, per_ms_{per_ms}, service_{service} {}

    queue_gate gate;
    std::uint64_t served{0};
    std::uint64_t refused{0};
    std::vector<std::chrono::milliseconds> took{};

    void run(std::chrono::milliseconds time, double arriving_per_ms) {
        for (const auto end = now_ + time; now_ < end; now_ += 1ms) {
            for (arriving_ += arriving_per_ms; arriving_ >= 1; --arriving_) arrive();
            for (able_ = is_stuck ? 0 : able_ + per_ms_; able_ >= 1; --able_) start();
            while (!started_.empty() && started_.front().done <= now_) finish();
            if (now_.time_since_epoch() % 5ms == 0ms) gate.sample(now_, wait_of_first());
        }
    }
    void forget() {
        served = refused = 0;
        took.clear();
    }
    [[nodiscard]] std::chrono::milliseconds p99() {
        std::ranges::sort(took);
        return took.empty() ? 0ms : took[took.size() * 99 / 100];
    }
    [[nodiscard]] std::size_t queued() const { return waiting_.size(); }

    bool is_stuck{false};

private:
    using time_point = queue_gate::clock::time_point;
    struct started {
        time_point came;
        time_point done;
    };

    void arrive() {
        if (gate.admit())
            waiting_.push_back(now_);
        else
            ++refused;
    }
    void start() {
        if (waiting_.empty()) return;
        started_.push_back({waiting_.front(), now_ + service_});
        waiting_.pop_front();
    }
    void finish() {
        const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now_ - started_.front().came);
        gate.left(time);
        took.push_back(time);
        ++served;
        started_.pop_front();
    }
    [[nodiscard]] queue_gate::clock::duration wait_of_first() const {
        return waiting_.empty() ? queue_gate::clock::duration{0} : now_ - waiting_.front();
    }

    double per_ms_;
    std::chrono::milliseconds service_;
    double arriving_{0};
    double able_{0};
    time_point now_{std::chrono::hours{1}};
    std::deque<time_point> waiting_{};
    std::deque<started> started_{};
};

constexpr queue_rules rules{};

} // namespace

BOOST_AUTO_TEST_SUITE(queue_gate)

BOOST_AUTO_TEST_CASE(below_capacity_nobody_is_refused) {
    simulated_server server{10, 20ms, rules};
    server.run(10s, 9);
    BOOST_TEST(server.refused == 0u);
    BOOST_TEST(!server.gate.is_limiting());
}

BOOST_AUTO_TEST_CASE(beyond_capacity_it_serves_what_it_can_and_within_the_target) {
    for (const double load : {1.2, 2.0, 5.0, 10.0}) {
        BOOST_TEST_CONTEXT("load " << load) {
            simulated_server server{10, 20ms, rules};
            server.run(3s, 10 * load);
            server.forget();
            server.run(10s, 10 * load);
            BOOST_TEST(server.served >= 10 * 10'000 * 0.95);
            BOOST_TEST((server.p99() <= 40ms));
        }
    }
}

BOOST_AUTO_TEST_CASE(it_does_so_where_a_request_takes_no_time_but_its_turn) {
    simulated_server server{20, 0ms, rules};
    server.run(3s, 100);
    server.forget();
    server.run(10s, 100);
    BOOST_TEST(server.served >= 20 * 10'000 * 0.95);
    BOOST_TEST((server.p99() <= 15ms));
}

BOOST_AUTO_TEST_CASE(a_burst_that_passes_is_served_whole) {
    simulated_server server{10, 20ms, rules};
    server.run(1s, 5);
    server.run(40ms, 15); // 200 more than it can do meanwhile, which takes as long again
    server.run(1s, 5);
    BOOST_TEST(server.refused == 0u);
}

BOOST_AUTO_TEST_CASE(the_first_rush_after_a_start_is_served_whole_and_a_later_one_is_not) {
    // 300 waited in the sockets, and for 100 ms there is no connection to WeChat.
    const auto rush = [](simulated_server& server) {
        server.is_stuck = true;
        server.run(1ms, 300);
        server.run(100ms, 5);
        server.is_stuck = false;
        server.run(2s, 5);
    };
    simulated_server server{10, 20ms, queue_rules{.patience = 2s}};
    rush(server);
    BOOST_TEST(server.refused == 0u);
    rush(server);
    BOOST_TEST(server.refused != 0u);
}

BOOST_AUTO_TEST_CASE(patience_with_an_overload_from_the_start_on_ends) {
    simulated_server server{10, 20ms, queue_rules{.patience = 2s}};
    server.run(2s, 20);
    BOOST_TEST(server.refused == 0u);
    server.run(3s, 20);
    server.forget();
    server.run(10s, 20);
    BOOST_TEST(server.served >= 10 * 10'000 * 0.95);
    BOOST_TEST((server.p99() <= 40ms));
}

BOOST_AUTO_TEST_CASE(waits_that_are_so_long_that_few_are_seen_count_as_well) {
    wxlogind::queue_gate gate{rules};
    auto now = wxlogind::queue_gate::clock::time_point{1h};
    for (int i = 0; i < 1000; ++i) BOOST_TEST_REQUIRE(gate.admit());
    for (int i = 0; i < 5; ++i) gate.sample(now += 505ms, 500ms); // the event loop itself is that late
    BOOST_TEST(gate.is_shut());
}

BOOST_AUTO_TEST_CASE(when_nothing_moves_only_few_are_let_in) {
    simulated_server server{5, 50ms, rules};
    server.run(1s, 4);
    server.is_stuck = true;
    server.run(500ms, 4);
    BOOST_TEST(server.gate.is_shut());
    const auto queued = server.queued();
    server.run(60s, 4);
    BOOST_TEST(server.queued() == queued); // all of the minute is refused
}

BOOST_AUTO_TEST_CASE(when_it_moves_again_all_are_served_within_seconds) {
    simulated_server server{5, 50ms, rules};
    server.run(1s, 4);
    server.is_stuck = true;
    server.run(60s, 4);
    server.is_stuck = false;
    server.run(3s, 4);
    server.forget();
    server.run(5s, 4);
    BOOST_TEST(server.refused == 0u);
    BOOST_TEST(!server.gate.is_limiting());
}

BOOST_AUTO_TEST_CASE(after_overload_all_are_served_within_seconds) {
    simulated_server server{10, 20ms, rules};
    server.run(10s, 50);
    server.run(2s, 8);
    server.forget();
    server.run(5s, 8);
    BOOST_TEST(server.refused == 0u);
    BOOST_TEST(!server.gate.is_limiting());
}

BOOST_AUTO_TEST_CASE(moments_in_which_others_had_the_processor_keep_no_limit) {
    wxlogind::queue_gate gate{queue_rules{}};
    wxlogind::queue_gate::clock::time_point now{1h};
    std::size_t inside = 0;
    const auto turn = [&](std::chrono::microseconds wait) {
        now += 5ms;
        for (int i = 0; i < 30 && inside != 0; ++i, --inside) gate.left(20ms);
        while (inside < 130 && gate.admit()) ++inside;
        gate.sample(now, wait, wait);
    };
    for (int i = 0; i < 60; ++i) turn(10ms);
    BOOST_TEST_REQUIRE(gate.is_limiting());
    for (int i = 0; i < 600; ++i) turn(i % 20 == 0 ? 4ms : 0ms);
    BOOST_TEST(!gate.is_limiting());
}

BOOST_AUTO_TEST_CASE(a_target_of_zero_lets_everybody_in) {
    simulated_server server{10, 20ms, {.target = 0ms}};
    server.run(2s, 50);
    BOOST_TEST(server.refused == 0u);
}

BOOST_AUTO_TEST_CASE(another_target_counts_at_once) {
    simulated_server server{10, 20ms, queue_rules{.target = 0ms}};
    server.run(1s, 15);
    BOOST_TEST(server.refused == 0u);
    server.gate.use(rules);
    server.run(3s, 20);
    BOOST_TEST(server.refused > 0u);
    BOOST_TEST(server.gate.is_limiting());
    server.gate.use(queue_rules{.target = 0ms});
    server.forget();
    server.run(1s, 20);
    BOOST_TEST(server.refused == 0u);
    BOOST_TEST(!server.gate.is_limiting());
}

BOOST_AUTO_TEST_CASE(a_few_are_always_let_in) {
    wxlogind::queue_gate gate{rules};
    auto now = wxlogind::queue_gate::clock::time_point{1h};
    for (int i = 0; i < 10'000; ++i) gate.sample(now += 5ms, 10s); // waits that nothing here causes
    std::size_t inside = 0;
    while (inside < 10'000 && gate.admit()) ++inside;
    BOOST_TEST(inside >= rules.least);
}

BOOST_AUTO_TEST_SUITE_END()

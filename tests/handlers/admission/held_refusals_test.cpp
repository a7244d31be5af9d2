// Over real sockets: what becomes of connections whose request is refused while the processor has no time.
#include "handlers/admission/held_refusals.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/running_server.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <future>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

constexpr refusal_rules rules{.trickle = 0, .longest = std::chrono::hours{1}};
constexpr refusal_pace::load no_time{.wait = 1s, .busy = 1};

refusal_pace::load after(std::uint64_t finished) {
    return {.wait = 1s, .busy = 1, .finished = finished};
}

// Refuses "/login", and nothing else.
class refusing_service final : public net::http_service {
public:
    explicit refusing_service(const refusal_rules& how) : refusals{how} {}

    task<net::response> handle(const net::request& incoming) override {
        net::response out;
        out.body = incoming.query;
        if (incoming.path != "/login") co_return out;
        ++asked;
        if (!refusals.answers_now()) {
            const auto held = co_await refusals.hold();
            incoming.stages->held = held;
        }
        out.status = 503;
        co_return out;
    }
    net::response refuse(const failure&, std::string_view) override { return {}; }
    void finished(const net::finished_exchange& what) override {
        if (what.outgoing.status == 503) longest = std::max(longest.load(), what.took);
    }

    handlers::held_refusals refusals;
    std::atomic<int> asked{0};
    std::atomic<std::chrono::microseconds> longest{};
};

class refusing_server {
public:
    explicit refusing_server(const refusal_rules& how = rules) : service{how}, running_{service} {}
    ~refusing_server() { let_all_go(); }

    [[nodiscard]] const std::string& address() const { return running_.address(); }
    net::http_server& server() { return running_.server(); }

    // As the watch over the event loop tells it.
    void turn(const refusal_pace::load& load) {
        on_loop([&] { service.refusals.turn(steady_clock::now(), load); });
    }
    void let_all_go() {
        on_loop([&] { service.refusals.let_all_go(); });
    }
    [[nodiscard]] std::uint64_t held() const { return service.refusals.shown().held.value(); }
    [[nodiscard]] bool comes_to_hold(std::uint64_t so_many) const {
        return comes_true([&] { return held() == so_many; });
    }

    refusing_service service;

private:
    template <class Work>
    void on_loop(Work work) {
        std::promise<void> done;
        asio::post(running_.reactors()[0].get_executor(), [&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    running_server running_;
};

http_connection log_in(const refusing_server& to, std::string_view name) {
    http_connection one{to.address()};
    one.send(get_request("/login?" + std::string{name}));
    return one;
}

} // namespace

BOOST_AUTO_TEST_SUITE(held_refusals)

BOOST_AUTO_TEST_CASE(with_time_to_spare_a_refusal_is_told_at_once_and_the_connection_goes_on) {
    refusing_server to;
    http_connection one{to.address()};
    for (int i = 0; i < 100; ++i) BOOST_TEST(one.exchange(get_request("/login?a")).status == 503u);
    BOOST_TEST(to.service.refusals.shown().held_ever.value() == 0u);
}

BOOST_AUTO_TEST_CASE(without_time_it_is_held_and_nothing_more_of_its_connection_is_read) {
    refusing_server to;
    to.turn(no_time);
    http_connection one = log_in(to, "a");
    BOOST_TEST(to.comes_to_hold(1));
    one.send(get_request("/login?b"));
    one.send(get_request("/verify?c"));

    // Others are served meanwhile.
    http_connection other{to.address()};
    for (int i = 0; i < 50; ++i) BOOST_TEST(other.exchange(get_request("/verify?d")).status == 200u);
    BOOST_TEST(to.service.asked == 1);
    BOOST_TEST(to.held() == 1u);

    to.turn(after(5));
    BOOST_TEST(one.receive().body == "a");
    BOOST_TEST(to.comes_to_hold(1)); // what came next on it
    BOOST_TEST(to.service.asked == 2);
    to.turn(after(5));
    BOOST_TEST(one.receive().body == "b");
    BOOST_TEST(one.receive().body == "c");
    BOOST_TEST(to.service.refusals.shown().held_ever.value() == 2u);
}

BOOST_AUTO_TEST_CASE(who_was_held_first_is_told_first) {
    refusing_server to;
    to.turn(no_time);
    std::vector<http_connection> waiting;
    for (std::uint64_t i = 0; i < 10; ++i) {
        waiting.push_back(log_in(to, std::to_string(i)));
        BOOST_TEST_REQUIRE(to.comes_to_hold(i + 1));
    }
    for (std::size_t i = 0; i < 10; i += 2) {
        to.turn(after(10));
        BOOST_TEST(to.held() == 8 - i);
        BOOST_TEST(waiting[i].receive().body == std::to_string(i));
        BOOST_TEST(waiting[i + 1].receive().body == std::to_string(i + 1));
    }
}

BOOST_AUTO_TEST_CASE(the_time_that_it_was_held_does_not_count_as_the_requests_own) {
    refusing_server to;
    to.turn(no_time);
    http_connection one = log_in(to, "a");
    BOOST_TEST(to.comes_to_hold(1));
    const auto since = steady_clock::now();
    http_connection other{to.address()};
    for (int i = 0; i < 200; ++i) BOOST_TEST(other.exchange(get_request("/verify?d")).status == 200u);
    const auto at_least = steady_clock::now() - since;
    to.turn(after(5));
    BOOST_TEST(one.receive().status == 503u);
    BOOST_TEST(comes_true([&] { return to.service.longest.load() > 0us; }));
    BOOST_TEST((to.service.longest.load() < at_least));
}

BOOST_AUTO_TEST_CASE(no_more_are_held_than_may_be) {
    refusal_rules few = rules;
    few.most_held = 3;
    refusing_server to{few};
    to.turn(no_time);
    std::vector<http_connection> waiting;
    for (std::uint64_t i = 0; i < 3; ++i) {
        waiting.push_back(log_in(to, "a"));
        BOOST_TEST_REQUIRE(to.comes_to_hold(i + 1));
    }
    http_connection beyond{to.address()};
    for (int i = 0; i < 100; ++i) BOOST_TEST(beyond.exchange(get_request("/login?b")).status == 503u);
    BOOST_TEST(to.held() == 3u);
}

BOOST_AUTO_TEST_CASE(when_the_server_leaves_everybody_is_told_and_the_connections_close) {
    refusing_server to;
    to.turn(no_time);
    std::vector<http_connection> waiting;
    for (std::uint64_t i = 0; i < 3; ++i) {
        waiting.push_back(log_in(to, "a"));
        BOOST_TEST_REQUIRE(to.comes_to_hold(i + 1));
    }
    to.server().stop_accepting();
    to.server().finish_current_requests();
    to.let_all_go();
    for (http_connection& each : waiting) {
        const http_reply told = each.receive();
        BOOST_TEST(told.status == 503u);
        BOOST_TEST(told.field("connection") == "close");
        BOOST_TEST(each.closes_within(5s));
    }
    BOOST_TEST(comes_true([&] { return to.server().open_connections() == 0; }));
    BOOST_TEST(to.held() == 0u);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_wait_for_it_leaves_nothing_behind) {
    refusing_server to;
    to.turn(no_time);
    {
        http_connection one = log_in(to, "a");
        BOOST_TEST(to.comes_to_hold(1));
        one.reset();
    }
    to.turn(after(5));
    BOOST_TEST(to.held() == 0u);
    BOOST_TEST(comes_true([&] { return to.server().open_connections() == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()

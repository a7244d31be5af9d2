#include "core/net/reactor.hpp"
#include "tests/support/running_server.hpp"

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(reactor)

BOOST_AUTO_TEST_CASE(an_exception_out_of_a_handler_is_counted_and_ends_nothing_else) {
    reactor_pool reactors{2};
    reactors.start();
    std::atomic<int> after{0};
    for (int i = 0; i < 3; ++i)
        asio::post(reactors[0].get_executor(), [] { throw std::runtime_error{"on purpose"}; });
    asio::post(reactors[0].get_executor(), [] { throw 42; }); // not even a std::exception
    asio::post(reactors[0].get_executor(), [&after] { ++after; });
    BOOST_TEST(comes_true([&] { return after == 1; }));
    BOOST_TEST(reactors[0].exceptions() == 4u);
    BOOST_TEST(reactors[1].exceptions() == 0u);
}

BOOST_AUTO_TEST_CASE(a_deadline_that_throws_does_not_stop_the_clock) {
    reactor_pool reactors{1};
    deadline thrower{nullptr, [](void*) { throw std::runtime_error{"on purpose"}; }};
    std::atomic<bool> has_fired{false};
    deadline later{&has_fired, [](void* fired) { *static_cast<std::atomic<bool>*>(fired) = true; }};
    deadline_wheel& wheel = reactors[0].deadlines();
    wheel.arm(thrower, steady_clock::now());
    wheel.arm(later, steady_clock::now() + std::chrono::milliseconds{300});
    reactors.start();
    BOOST_TEST(comes_true([&] { return has_fired.load(); }));
    BOOST_TEST(reactors[0].exceptions() == 1u);
    reactors.stop_and_join();
}

BOOST_AUTO_TEST_CASE(the_heart_beats_while_the_loop_turns) {
    reactor_pool reactors{1};
    reactors.start();
    BOOST_TEST(comes_true([&] { return reactors[0].heartbeat() >= 2; }));
    reactors.stop_and_join();
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/base/parking.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using namespace wxlogind;

namespace {

task<> park_and_note(executor home, parked_list& waiting, std::vector<int>& order, int id) {
    auto hand_over = [&waiting](parked& node) { waiting.push_back(node); };
    co_await park(home, hand_over);
    order.push_back(id);
}

} // namespace

BOOST_AUTO_TEST_SUITE(parking)

BOOST_AUTO_TEST_CASE(parked_coroutines_resume_in_order_by_one_posted_call) {
    asio::io_context reactor{1};
    parked_list waiting;
    std::vector<int> order;
    for (int id = 0; id < 3; ++id)
        asio::co_spawn(reactor, park_and_note(reactor.get_executor(), waiting, order, id), asio::detached);
    while (reactor.poll_one() != 0) {
    }
    BOOST_TEST(order.empty());

    resume_all(reactor.get_executor(), waiting);
    BOOST_TEST(reactor.poll() == 1u);
    BOOST_TEST(order == (std::vector<int>{0, 1, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_thread_may_resume_before_the_hand_over_has_returned) {
    asio::io_context reactor{1};
    int resumed = 0;
    auto loop = [](executor home, int& count) -> task<> {
        for (int round = 0; round < 1000; ++round) {
            auto hand_over = [](parked& node) { std::thread{[&node] { resume_one(node); }}.join(); };
            co_await park(home, hand_over);
            ++count;
        }
    };
    asio::co_spawn(reactor, loop(reactor.get_executor(), resumed), asio::detached);
    reactor.run();
    BOOST_TEST(resumed == 1000);
}

BOOST_AUTO_TEST_SUITE_END()

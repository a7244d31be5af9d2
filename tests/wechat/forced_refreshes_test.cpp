#include "core/wechat/forced_refreshes.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <random>

using forced = wxlogind::wechat::forced_refreshes; // the suite has that name, too
using namespace std::chrono_literals;

namespace {

constexpr forced::time_point start{std::chrono::hours{1000}};

} // namespace

BOOST_AUTO_TEST_SUITE(forced_refreshes)

BOOST_AUTO_TEST_CASE(none_comes_within_30_s_of_the_one_before) {
    forced force;
    BOOST_TEST(force.admit(start));
    BOOST_TEST(!force.admit(start + 29999ms));
    BOOST_TEST((force.next() == start + 30s));
    BOOST_TEST(force.admit(start + 30s));
    // What was refused does not count.
    BOOST_TEST(!force.admit(start + 59s));
    BOOST_TEST(force.admit(start + 60s));
}

BOOST_AUTO_TEST_CASE(no_24_hours_see_more_than_twenty) {
    forced force;
    for (int i = 0; i < 20; ++i) BOOST_TEST(force.admit(start + i * 1min));
    BOOST_TEST(!force.admit(start + 12h));
    BOOST_TEST((force.next() == start + 24h));
    BOOST_TEST(!force.admit(start + 24h - 1ms));
    BOOST_TEST(force.admit(start + 24h));
    BOOST_TEST(!force.admit(start + 24h + 59s));
    BOOST_TEST(force.admit(start + 24h + 1min));
}

BOOST_AUTO_TEST_CASE(whatever_is_asked_for_both_limits_hold) {
    std::minstd_rand numbers{4711};
    forced force;
    std::deque<forced::time_point> taken;
    auto now = start;
    for (int i = 0; i < 20'000; ++i) {
        now += std::chrono::seconds{numbers() % 600};
        if (!force.admit(now)) continue;
        const bool is_spaced = taken.empty() || now - taken.back() >= 30s;
        BOOST_TEST(is_spaced);
        taken.push_back(now);
        while (now - taken.front() >= 24h) taken.pop_front();
        BOOST_TEST(taken.size() <= 20u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

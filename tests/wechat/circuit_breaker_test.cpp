#include "core/wechat/circuit_breaker.hpp"

#include "core/wechat/app_backoff.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::wechat;
using namespace std::chrono_literals;

namespace {

using state = circuit_breaker::state;
const circuit_breaker::time_point noon{1000s};

void fail(circuit_breaker& breaker, int times, circuit_breaker::time_point when) {
    for (int i = 0; i < times; ++i) {
        BOOST_TEST_REQUIRE(breaker.admit(when));
        breaker.failed(when);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(circuit_breaker)

BOOST_AUTO_TEST_CASE(failures_in_a_row_open_it_and_the_pause_keeps_it_open) {
    wxlogind::wechat::circuit_breaker breaker{3, 2s};
    fail(breaker, 3, noon);
    BOOST_TEST((breaker.current() == state::open));
    BOOST_TEST(!breaker.admit(noon));
    BOOST_TEST(!breaker.admit(noon + 1999ms));
    BOOST_TEST((breaker.pause_left(noon + 500ms) == 1500ms));
    BOOST_TEST(breaker.admit(noon + 2s));
}

BOOST_AUTO_TEST_CASE(a_success_between_failures_starts_the_count_again) {
    wxlogind::wechat::circuit_breaker breaker{3, 2s};
    fail(breaker, 2, noon);
    breaker.succeeded();
    fail(breaker, 2, noon);
    BOOST_TEST((breaker.current() == state::closed));
}

BOOST_AUTO_TEST_CASE(after_the_pause_exactly_one_probe_passes_and_its_end_decides) {
    wxlogind::wechat::circuit_breaker breaker{1, 2s};
    fail(breaker, 1, noon);
    BOOST_TEST(breaker.admit(noon + 2s));
    BOOST_TEST((breaker.current() == state::half_open));
    BOOST_TEST(!breaker.admit(noon + 2s));
    breaker.failed(noon + 3s);
    BOOST_TEST(!breaker.admit(noon + 4999ms));
    BOOST_TEST(breaker.admit(noon + 5s));
    breaker.succeeded();
    BOOST_TEST((breaker.current() == state::closed));
    BOOST_TEST(breaker.admit(noon + 5s));
    BOOST_TEST(breaker.admit(noon + 5s));
}

BOOST_AUTO_TEST_CASE(a_probe_that_told_nothing_leaves_its_place_to_the_next) {
    wxlogind::wechat::circuit_breaker breaker{1, 2s};
    fail(breaker, 1, noon);
    BOOST_TEST(breaker.admit(noon + 2s));
    breaker.gave_up();
    BOOST_TEST(breaker.admit(noon + 2s));
}

BOOST_AUTO_TEST_CASE(late_failures_from_before_do_not_lengthen_the_pause) {
    wxlogind::wechat::circuit_breaker breaker{1, 2s};
    fail(breaker, 1, noon);
    breaker.failed(noon + 1900ms);
    BOOST_TEST(breaker.admit(noon + 2s));
}

BOOST_AUTO_TEST_CASE(a_single_minute_limit_pauses_nobody_but_five_in_a_row_pause_the_app_longer_each_time) {
    app_backoff backoff;
    for (int i = 0; i < 4; ++i) backoff.limited(noon);
    BOOST_TEST(!backoff.is_paused(noon));
    backoff.limited(noon);
    BOOST_TEST(backoff.is_paused(noon + 999ms));
    BOOST_TEST(!backoff.is_paused(noon + 1s));
    BOOST_TEST((backoff.pause_left(noon + 400ms) == 600ms));

    auto now = noon + 1s;
    for (const auto pause : {2s, 4s, 8s, 16s, 30s, 30s}) {
        backoff.limited(now);
        backoff.limited(now); // of the same pause
        BOOST_TEST((backoff.pause_left(now) == pause));
        now += pause;
    }
    backoff.succeeded();
    for (int i = 0; i < 4; ++i) backoff.limited(now);
    BOOST_TEST(!backoff.is_paused(now));
}

BOOST_AUTO_TEST_SUITE_END()

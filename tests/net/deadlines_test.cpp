#include "core/net/deadlines.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace std::chrono_literals;

namespace {

const steady_clock::time_point start{1000s};

struct counted {
    int fired = 0;
    deadline when{this, [](void* self) { ++static_cast<counted*>(self)->fired; }};
};

} // namespace

BOOST_AUTO_TEST_SUITE(deadlines)

BOOST_AUTO_TEST_CASE(a_deadline_never_fires_early_and_at_most_a_tick_late) {
    for (const auto span : {0ms, 1ms, 49ms, 50ms, 51ms, 333ms, 5000ms, 51200ms, 65000ms, 200000ms}) {
        deadline_wheel wheel{start};
        counted one;
        wheel.arm(one.when, start + span);
        auto now = start;
        while (one.fired == 0 && now < start + 300s) {
            now += 7ms;
            wheel.advance(now);
        }
        BOOST_TEST_CONTEXT("span " << span.count() << " ms") {
            BOOST_TEST(one.fired == 1);
            BOOST_TEST((now - start >= span));
            BOOST_TEST((now - start <= span + deadline_wheel::tick + 7ms));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_deadline_that_is_moved_or_disarmed_does_not_fire_at_its_old_time) {
    deadline_wheel wheel{start};
    counted moved;
    counted disarmed;
    wheel.arm(moved.when, start + 100ms);
    wheel.arm(disarmed.when, start + 100ms);
    wheel.arm(moved.when, start + 1s);
    disarmed.when.disarm();
    wheel.advance(start + 900ms);
    BOOST_TEST(moved.fired == 0);
    wheel.advance(start + 1100ms);
    BOOST_TEST(moved.fired == 1);
    BOOST_TEST(disarmed.fired == 0);
}

BOOST_AUTO_TEST_CASE(everything_due_fires_after_a_stall_longer_than_a_turn_of_the_wheel) {
    deadline_wheel wheel{start};
    std::vector<std::unique_ptr<counted>> many;
    for (int i = 0; i < 2000; ++i) {
        many.push_back(std::make_unique<counted>());
        wheel.arm(many.back()->when, start + i * 50ms);
    }
    BOOST_TEST(wheel.advance(start + 300s) == 2000u);
}

BOOST_AUTO_TEST_CASE(what_fires_may_destroy_others_and_arm_itself_again) {
    struct chain {
        deadline_wheel& wheel;
        std::unique_ptr<counted> victim = std::make_unique<counted>();
        int fired = 0;
        deadline when{this, [](void* self) {
                          auto& me = *static_cast<chain*>(self);
                          ++me.fired;
                          me.victim.reset();
                          me.wheel.arm(me.when, me.wheel.now());
                      }};
    };
    deadline_wheel wheel{start};
    chain one{wheel};
    wheel.arm(one.when, start + 100ms);
    wheel.arm(one.victim->when, start + 100ms);
    wheel.advance(start + 151ms);
    BOOST_TEST(one.fired >= 1);
    wheel.advance(start + 400ms);
    BOOST_TEST(one.fired >= 2);
}

BOOST_AUTO_TEST_CASE(deadlines_of_the_same_tick_as_one_that_throws_still_fire) {
    deadline_wheel wheel{start};
    counted before;
    counted after;
    deadline thrower{nullptr, [](void*) { throw std::runtime_error{"on purpose"}; }};
    wheel.arm(before.when, start + 100ms);
    wheel.arm(thrower, start + 100ms);
    wheel.arm(after.when, start + 100ms);
    BOOST_CHECK_THROW(wheel.advance(start + 150ms), std::runtime_error);
    BOOST_TEST(!thrower.is_armed());
    wheel.advance(start + 200ms);
    BOOST_TEST(before.fired == 1);
    BOOST_TEST(after.fired == 1);
}

BOOST_AUTO_TEST_SUITE_END()

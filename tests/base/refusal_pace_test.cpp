#include "core/base/refusal_pace.hpp"

#include "core/base/queue_gate.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <vector>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

using pace = wxlogind::refusal_pace;
using time_point = pace::clock::time_point;
using duration = pace::clock::duration;

constexpr refusal_rules rules{};
constexpr pace::load nothing_to_do{.wait = 0us, .busy = 0.1};
constexpr pace::load no_time{.wait = 5ms, .busy = 1, .finished = 30};

// One event loop that does one thing after the other: reads requests, serves those that are let in, which
// takes 60 us, and refuses the others, which takes 14. Behind it WeChat takes 20 ms. `connections` are all
// that there are: one that waits for its answer carries nothing else, and who finds none has been turned away
// in front.
class simulated_loop {
public:
    simulated_loop(std::size_t connections, const refusal_rules& how)
        : refusals{how}, connections_{connections}, free_{connections} {}

    queue_gate gate{queue_rules{}};
    wxlogind::refusal_pace refusals;
    std::uint64_t served{0};
    std::uint64_t refused{0};
    std::uint64_t turned_away{0};
    std::vector<duration> took{};
    duration longest_held{0};

    void run(duration time, double arriving_per_ms) {
        for (const auto end = now_ + time; now_ < end;) {
            const auto before = now_;
            if (ready_.empty())
                now_ += 20us;
            else
                take_up();
            while (!away_.empty() && away_.front().back <= now_) finish();
            if (!is_look_due_ && now_ >= next_look_) ask_for_look();
            using milliseconds = std::chrono::duration<double, std::milli>;
            for (arriving_ += arriving_per_ms * milliseconds{now_ - before}.count(); arriving_ >= 1;
                 --arriving_)
                arrive();
        }
    }
    void forget() {
        served = refused = turned_away = 0;
        took.clear();
    }
    [[nodiscard]] duration p99() {
        std::ranges::sort(took);
        return took.empty() ? 0ms : took[took.size() * 99 / 100];
    }
    // Every connection is free, or busy with one request.
    [[nodiscard]] bool adds_up() const {
        return free_ + ready_.size() - (is_look_due_ ? 1 : 0) + away_.size() + held_.size() == connections_;
    }

private:
    struct exchange {
        time_point came;
        time_point back;
    };
    static constexpr time_point timer{}; // in the place of a request

    // Stands in line as a request does.
    void ask_for_look() {
        ready_.push_back(timer);
        is_look_due_ = true;
    }

    void work(duration time) {
        now_ += time;
        worked_ += time;
    }
    void arrive() {
        if (free_ == 0) {
            ++turned_away;
            return;
        }
        --free_;
        ready_.push_back(now_);
    }
    void take_up() {
        const time_point came = ready_.front();
        ready_.pop_front();
        if (came == timer) return look();
        work(9us);
        if (gate.admit()) {
            work(51us);
            away_.push_back({came, now_ + 20ms});
        } else if (refusals.answers_now()) {
            refuse();
        } else {
            held_.push_back(now_);
        }
    }
    void refuse() {
        work(5us);
        ++refused;
        ++free_;
    }
    void finish() {
        gate.left(now_ - away_.front().came);
        took.push_back(now_ - away_.front().came);
        away_.pop_front();
        ++served;
        ++finished_;
        ++free_;
    }
    void look() {
        const duration late = now_ - next_look_;
        const duration since = now_ - looked_;
        gate.sample(now_, late, late);
        refusals.turn(
            {.wait = late,
             .busy = static_cast<double>(worked_.count()) / static_cast<double>(since.count()),
             .finished = std::exchange(finished_, 0)});
        worked_ = 0us;
        looked_ = now_;
        while (!held_.empty() && refusals.lets_go(now_, held_.front())) {
            longest_held = std::max(longest_held, now_ - held_.front());
            held_.pop_front();
            refuse();
        }
        next_look_ = now_ + 5ms;
        is_look_due_ = false;
    }

    std::size_t connections_;
    std::size_t free_;
    double arriving_{0};
    time_point now_{1h};
    time_point looked_{1h};
    time_point next_look_{1h + 5ms};
    bool is_look_due_{false};
    duration worked_{0};
    std::uint64_t finished_{0};
    std::deque<time_point> ready_{};
    std::deque<exchange> away_{};
    std::deque<time_point> held_{};
};

constexpr double capacity = 1000.0 / 60; // a millisecond

// What is served of the most that can be, once the overload is some seconds old.
double goodput(simulated_loop& loop, double load) {
    loop.run(7s, capacity * load);
    loop.forget();
    loop.run(5s, capacity * load);
    return static_cast<double>(loop.served) / (5000 * capacity);
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusal_pace)

BOOST_AUTO_TEST_CASE(beyond_what_the_processor_can_do_it_goes_on_serving) {
    for (const double load : {1.5, 2.0, 5.0, 20.0})
        for (const std::size_t connections : {512u, 2000u, 8000u}) {
            BOOST_TEST_CONTEXT("load " << load << ", connections " << connections) {
                simulated_loop loop{connections, rules};
                BOOST_TEST(goodput(loop, load) >= 0.9);
                BOOST_TEST((loop.p99() <= 40ms));
                BOOST_TEST((loop.longest_held <= rules.longest + 200ms));
                BOOST_TEST(loop.adds_up());
            }
        }
}

BOOST_AUTO_TEST_CASE(without_it_refusing_takes_the_processor) {
    refusal_rules all_at_once;
    all_at_once.most_held = 0;
    simulated_loop loop{8000, all_at_once};
    BOOST_TEST(goodput(loop, 5) <= 0.5);
}

BOOST_AUTO_TEST_CASE(a_little_too_much_is_refused_at_once) {
    simulated_loop loop{8000, rules};
    loop.run(10s, capacity * 1.1);
    BOOST_TEST(loop.refused > 0u);
    BOOST_TEST((loop.longest_held <= 100ms));
}

BOOST_AUTO_TEST_CASE(when_it_is_over_nobody_is_held_any_more) {
    simulated_loop loop{8000, rules};
    loop.run(10s, capacity * 5);
    BOOST_TEST(loop.refusals.held() > 1000u);
    loop.run(2s, capacity * 0.8);
    BOOST_TEST(loop.refusals.held() == 0u);
    loop.forget();
    loop.run(2s, capacity * 0.8);
    BOOST_TEST(loop.refused == 0u);
    BOOST_TEST(loop.turned_away == 0u);
    BOOST_TEST((loop.p99() <= 30ms));
}

BOOST_AUTO_TEST_CASE(with_time_to_spare_everybody_is_told_at_once) {
    pace those{rules};
    for (int i = 0; i < 100'000; ++i) BOOST_TEST_REQUIRE(those.answers_now());
    those.turn(nothing_to_do);
    BOOST_TEST(those.answers_now());
    BOOST_TEST(those.held() == 0u);
}

BOOST_AUTO_TEST_CASE(without_time_one_is_told_for_every_five_that_are_finished) {
    pace those{rules};
    for (int i = 0; i < 50; ++i) those.turn(no_time);
    std::size_t told = 0;
    for (int turn = 0; turn < 100; ++turn) {
        for (int i = 0; i < 40; ++i) told += those.answers_now() ? 1 : 0;
        those.turn(no_time);
        while (those.held() != 0 && those.lets_go(time_point{1h}, time_point{1h})) ++told;
    }
    BOOST_TEST(told >= 100 * 6u);
    BOOST_TEST(told <= 101 * 8u); // and the trickle
    BOOST_TEST(those.held() == 100 * 40 - told);
}

BOOST_AUTO_TEST_CASE(nobody_overtakes_those_who_are_held) {
    pace those{rules};
    for (int i = 0; i < 50; ++i) those.turn(no_time);
    while (those.answers_now()) {
    }
    those.turn(no_time);
    BOOST_TEST(!those.answers_now());
    BOOST_TEST(those.held() == 2u);
    BOOST_TEST(those.held_ever() == 2u);
}

BOOST_AUTO_TEST_CASE(nobody_is_held_for_longer_than_may_be) {
    pace those{rules};
    for (int i = 0; i < 50; ++i) those.turn(no_time);
    while (those.answers_now()) {
    }
    const time_point since{1h};
    BOOST_TEST(!those.lets_go(since + rules.longest - 1ns, since));
    BOOST_TEST(those.lets_go(since + rules.longest, since));
    BOOST_TEST(those.held() == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_is_held_where_nobody_may_be) {
    pace those{refusal_rules{.longest = 0ms}};
    for (int i = 0; i < 50; ++i) those.turn(no_time);
    for (int i = 0; i < 1000; ++i) BOOST_TEST_REQUIRE(those.answers_now());
    BOOST_TEST(those.held() == 0u);
}

BOOST_AUTO_TEST_CASE(who_is_held_already_waits_no_longer_than_a_new_bound_says) {
    pace those{rules};
    for (int i = 0; i < 50; ++i) those.turn(no_time);
    while (those.answers_now()) {
    }
    const time_point since{1h};
    BOOST_TEST(!those.lets_go(since + 1ms, since));
    those.use(refusal_rules{.longest = 0ms});
    BOOST_TEST(those.lets_go(since + 1ms, since));
    BOOST_TEST(those.held() == 0u);
    BOOST_TEST(those.answers_now());
}

BOOST_AUTO_TEST_CASE(no_more_are_held_than_may_be) {
    refusal_rules few;
    few.most_held = 3;
    pace those{few};
    for (int i = 0; i < 50; ++i) those.turn(no_time);
    for (int i = 0; i < 1000; ++i) (void)those.answers_now();
    BOOST_TEST(those.held() == 3u);
    BOOST_TEST(those.answers_now());
}

BOOST_AUTO_TEST_SUITE_END()

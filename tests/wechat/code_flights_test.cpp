#include "core/wechat/code_flights.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <latch>
#include <limits>
#include <new>
#include <thread>

using namespace wxlogind;
using namespace wxlogind::wechat;
using namespace std::chrono_literals;
using flights_of_codes = wxlogind::wechat::code_flights; // the suite has that name, too

// The sanitizers have an operator new of their own.
#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define CAN_RUN_OUT_OF_MEMORY

namespace {

constexpr unsigned plenty = std::numeric_limits<unsigned>::max();
// How many allocations of this thread still work.
thread_local unsigned allocations_left = plenty;

} // namespace

void* operator new(std::size_t size) {
    if (allocations_left == 0) throw std::bad_alloc{};
    if (allocations_left != plenty) --allocations_left;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif

namespace {

// The time of these tests; only moved where a test moves it.
std::atomic<std::int64_t> millis_since_start{0};
steady_clock::time_point test_now() noexcept {
    return steady_clock::time_point{1000s} + std::chrono::milliseconds{millis_since_start};
}

// What one login saw.
struct seen {
    bool led{false};
    std::string text{};
    errc code{};
};

task<> log_in(
    flights_of_codes& flights, executor home, std::string code, result<std::string> answer, code_fate fate,
    seen& into) {
    flight_ticket ticket = co_await flights.board("wxapp", code, home);
    into.led = ticket.leads();
    const flight_answer got = ticket.leads() ? ticket.finish(std::move(answer), fate) : ticket.answer();
    if (got->has_value())
        into.text = **got;
    else
        into.code = got->error().code;
}

struct runway {
    flight_limits limits{};
    asio::io_context loop{1};
    std::unique_ptr<flights_of_codes> flights = make();

    std::unique_ptr<flights_of_codes> make() { return std::make_unique<flights_of_codes>(limits, &test_now); }
    seen log_in(std::string code, result<std::string> answer, code_fate fate = code_fate::spent) {
        seen saw;
        asio::co_spawn(
            loop, ::log_in(*flights, loop.get_executor(), std::move(code), std::move(answer), fate, saw),
            asio::detached);
        loop.restart();
        loop.run();
        return saw;
    }
};

// A leader that stays in the air until it is told to land.
struct held_leader {
    std::optional<flight_ticket> ticket;
};

task<> take_off(flights_of_codes& flights, executor home, std::string code, held_leader& into) {
    flight_ticket ticket = co_await flights.board("wxapp", code, home);
    into.ticket.emplace(std::move(ticket));
}

void spawn_login(runway& at, const std::string& code, seen& into) {
    asio::co_spawn(
        at.loop,
        log_in(*at.flights, at.loop.get_executor(), code, "a second exchange", code_fate::spent, into),
        asio::detached);
    at.loop.restart();
    at.loop.poll();
}

void take_off(runway& at, const std::string& code, held_leader& into) {
    asio::co_spawn(at.loop, take_off(*at.flights, at.loop.get_executor(), code, into), asio::detached);
    at.loop.restart();
    at.loop.poll();
    BOOST_TEST_REQUIRE(into.ticket.has_value());
    BOOST_TEST_REQUIRE(into.ticket->leads());
}

} // namespace

BOOST_AUTO_TEST_SUITE(code_flights)

BOOST_AUTO_TEST_CASE(whoever_comes_while_a_code_flies_gets_the_leaders_answer) {
    runway at;
    held_leader leader;
    take_off(at, "code", leader);
    seen first;
    seen second;
    seen other;
    spawn_login(at, "code", first);
    spawn_login(at, "code", second);
    spawn_login(at, "another code", other);
    BOOST_TEST(first.text.empty());
    BOOST_TEST(other.led);

    leader.ticket->finish(std::string{"the answer"}, code_fate::spent);
    at.loop.restart();
    at.loop.run();
    BOOST_TEST(!first.led);
    BOOST_TEST(first.text == "the answer");
    BOOST_TEST(second.text == "the answer");
    BOOST_TEST(at.flights->count().flying == 0u);
    BOOST_TEST(at.flights->count().joined == 2u);
}

BOOST_AUTO_TEST_CASE(a_late_double_tap_gets_the_same_answer_and_a_later_one_is_refused) {
    runway at;
    BOOST_TEST(at.log_in("code", std::string{"first"}).led);
    millis_since_start += 9'999;
    const seen replayed = at.log_in("code", std::string{"second"});
    BOOST_TEST(!replayed.led);
    BOOST_TEST(replayed.text == "first");
    millis_since_start += 2;
    const seen refused = at.log_in("code", std::string{"third"});
    BOOST_TEST(!refused.led);
    BOOST_TEST((refused.code == errc::code_rejected));
    BOOST_TEST(at.flights->count().refused == 1u);
}

BOOST_AUTO_TEST_CASE(a_shorter_window_counts_for_what_is_answered_from_then_on_whatever_was_kept_before) {
    runway at;
    // So many that each later one has an earlier one beside it.
    for (int i = 0; i < 2000; ++i) at.log_in("earlier" + std::to_string(i), std::string{"first"});
    at.flights->set_replay_window(1s);
    for (int i = 0; i < 20; ++i) at.log_in("later" + std::to_string(i), std::string{"first"});
    millis_since_start += 1000;
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(
            (at.log_in("later" + std::to_string(i), std::string{"second"}).code == errc::code_rejected));
    BOOST_TEST(at.log_in("earlier0", std::string{"second"}).text == "first");
}

BOOST_AUTO_TEST_CASE(a_code_that_may_be_spent_is_refused_and_a_good_one_is_not) {
    runway at;
    at.log_in("lost", failure{errc::wechat_timeout}, code_fate::spent);
    BOOST_TEST((at.log_in("lost", std::string{"no"}).code == errc::code_rejected));
    at.log_in("unsent", failure{errc::wechat_unavailable}, code_fate::good);
    BOOST_TEST(at.log_in("unsent", std::string{"yes"}).text == "yes");
}

BOOST_AUTO_TEST_CASE(the_fate_of_a_code_follows_from_the_failure) {
    const auto is_good = [](errc code, int errcode) {
        return fate_after({code, "", errcode}) == code_fate::good;
    };
    BOOST_TEST(is_good(errc::wechat_unavailable, 0)); // not sent
    BOOST_TEST(!is_good(errc::wechat_unavailable, -1));
    BOOST_TEST(is_good(errc::overloaded, 0));
    BOOST_TEST(is_good(errc::rate_limited, 45011));
    BOOST_TEST(!is_good(errc::rate_limited, 0)); // HTTP 429: who has seen the code?
    BOOST_TEST(is_good(errc::wechat_misconfigured, 40125));
    BOOST_TEST(!is_good(errc::wechat_misconfigured, 0)); // answered, and the answer was not believed
    for (const errc code :
         {errc::code_rejected, errc::user_blocked, errc::wechat_bad_answer, errc::wechat_timeout,
          errc::storage_unavailable, errc::internal})
        BOOST_TEST(!is_good(code, 0));
}

BOOST_AUTO_TEST_CASE(a_leader_that_ends_without_an_answer_fails_its_followers) {
    runway at;
    held_leader leader;
    take_off(at, "code", leader);
    seen follower;
    spawn_login(at, "code", follower);
    leader.ticket.reset();
    at.loop.restart();
    at.loop.run();
    BOOST_TEST((follower.code == errc::internal));
    BOOST_TEST((at.log_in("code", std::string{"x"}).code == errc::code_rejected));
}

BOOST_AUTO_TEST_CASE(a_leader_knows_whether_anybody_waits_with_it) {
    runway at;
    held_leader leader;
    take_off(at, "code", leader);
    BOOST_TEST(!leader.ticket->has_followers());
    seen follower;
    spawn_login(at, "code", follower);
    BOOST_TEST(leader.ticket->has_followers());
    leader.ticket->finish(std::string{"x"}, code_fate::spent);
    at.loop.restart();
    at.loop.run();
    BOOST_TEST(follower.text == "x");
}

BOOST_AUTO_TEST_CASE(the_answers_that_are_kept_are_bounded_and_swept) {
    runway at;
    at.limits.max_replays = 64; // one a shard
    at.flights = at.make();
    for (int i = 0; i < 1000; ++i) at.log_in("code " + std::to_string(i), std::string{"x"});
    BOOST_TEST(at.flights->count().replayable <= 64u);
    BOOST_TEST(at.flights->count().spent == 1000u);
    millis_since_start += 10'001;
    at.flights->sweep();
    BOOST_TEST(at.flights->count().replayable == 0u);
}

BOOST_AUTO_TEST_CASE(nobody_is_woken_once_the_reactors_are_gone) {
    runway at;
    held_leader leader;
    take_off(at, "code", leader);
    at.flights->close();
    BOOST_TEST((leader.ticket->finish(std::string{"x"}, code_fate::spent)->has_value()));
}

// Every code is asked for by every reactor at once; whoever leads counts itself.
BOOST_AUTO_TEST_CASE(across_threads_every_code_has_one_leader_and_everybody_its_answer) {
    constexpr unsigned reactors = 4;
    constexpr unsigned codes = 500;
    flights_of_codes flights{{}};
    std::vector<std::atomic<int>> leaders(codes);
    std::atomic<int> wrong{0};
    std::atomic<int> finished{0};
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines): it outlives its threads
    const auto work = [&](executor home, unsigned number) -> task<> {
        const std::string code = "code " + std::to_string(number);
        flight_ticket ticket = co_await flights.board("wxapp", code, home);
        flight_answer answer = ticket.answer();
        if (ticket.leads()) {
            ++leaders[number];
            co_await asio::post(home, asio::deferred); // others may join meanwhile
            std::string text = "answer of " + code;
            answer = ticket.finish(std::move(text), code_fate::spent);
        }
        if (!answer->has_value() || **answer != "answer of " + code) ++wrong;
        ++finished;
    };
    std::latch start{reactors};
    std::vector<std::jthread> threads;
    for (unsigned reactor = 0; reactor < reactors; ++reactor)
        threads.emplace_back([&] {
            asio::io_context loop{1};
            for (unsigned number = 0; number < codes; ++number)
                asio::co_spawn(loop, work(loop.get_executor(), number), asio::detached);
            start.arrive_and_wait();
            loop.run();
            // Followers of leaders on other threads are posted here: nothing keeps the loop alive for them.
            while (finished.load() != static_cast<int>(reactors * codes)) {
                loop.restart();
                loop.run_for(1ms);
            }
        });
    threads.clear();
    BOOST_TEST(wrong.load() == 0);
    for (const auto& each : leaders) BOOST_TEST_REQUIRE(each.load() == 1);
}

#ifdef CAN_RUN_OUT_OF_MEMORY
BOOST_AUTO_TEST_CASE(followers_are_woken_wherever_their_leader_runs_out_of_memory) {
    for (unsigned working = 0; working < 8; ++working) {
        runway at;
        held_leader leader;
        take_off(at, "code", leader);
        seen follower;
        spawn_login(at, "code", follower);

        result<std::string> answer{std::string(100, 'a')};
        allocations_left = working;
        try {
            leader.ticket->finish(std::move(answer), code_fate::spent);
        } catch (const std::bad_alloc&) {
            leader.ticket.reset();
        }
        allocations_left = plenty;
        at.loop.restart();
        at.loop.run();
        BOOST_TEST_CONTEXT(working << " allocations work") {
            BOOST_TEST((follower.text == std::string(100, 'a') || follower.code == errc::internal));
            BOOST_TEST(at.flights->count().flying == 0u);
        }
    }
}
#endif

BOOST_AUTO_TEST_SUITE_END()

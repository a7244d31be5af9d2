#include "core/base/rate_table.hpp"

#include "tests/support/memory.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

using time_point = rate_table::time_point;

constexpr time_point start{1000h};

rate_policy sixty_a_minute() {
    rate_policy policy;
    policy.name = "test";
    policy.quota = 60;
    return policy;
}

const rate& usual() {
    return rate::of(sixty_a_minute());
}

unsigned allowed_of(
    rate_table& table, std::string_view key, unsigned tries, time_point now, const rate& by = usual()) {
    unsigned allowed = 0;
    for (unsigned i = 0; i < tries; ++i) allowed += table.take(by, key, now).is_allowed ? 1 : 0;
    return allowed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rate_table)

BOOST_AUTO_TEST_CASE(the_whole_quota_is_there_at_once_and_then_comes_back_one_by_one) {
    wxlogind::rate_table table{1024, start};
    BOOST_TEST(allowed_of(table, "a", 100, start) == 60u);
    BOOST_TEST(allowed_of(table, "a", 100, start + 900ms) == 0u);
    BOOST_TEST(allowed_of(table, "a", 100, start + 1s) == 1u);
    BOOST_TEST(allowed_of(table, "a", 100, start + 10s) == 9u);
    // After a whole window it is as if it had never been there.
    BOOST_TEST(allowed_of(table, "a", 100, start + 10s + 60s) == 60u);
    BOOST_TEST(table.forgotten() == 0u);
}

BOOST_AUTO_TEST_CASE(a_steady_client_at_the_allowed_rate_is_never_refused) {
    wxlogind::rate_table table{1024, start};
    for (int i = 0; i < 1000; ++i) BOOST_TEST(table.take(usual(), "a", start + i * 1s).is_allowed);
}

BOOST_AUTO_TEST_CASE(a_refusal_says_how_long_to_wait_and_costs_nothing) {
    wxlogind::rate_table table{1024, start};
    BOOST_TEST(allowed_of(table, "a", 60, start) == 60u);
    for (int i = 0; i < 1000; ++i) {
        const rate_decision refused = table.take(usual(), "a", start + 300ms);
        BOOST_TEST(!refused.is_allowed);
        BOOST_TEST((refused.wait > 699ms && refused.wait < 701ms));
    }
    BOOST_TEST(table.take(usual(), "a", start + 1s).is_allowed);
}

BOOST_AUTO_TEST_CASE(keys_do_not_touch_each_other) {
    wxlogind::rate_table table{65536, start};
    BOOST_TEST(allowed_of(table, "offender", 1000, start) == 60u);
    for (int i = 0; i < 1000; ++i) BOOST_TEST(allowed_of(table, std::to_string(i), 61, start) == 60u);
    BOOST_TEST(allowed_of(table, "", 61, start) == 60u);
    BOOST_TEST(allowed_of(table, std::string(1000, 'x'), 61, start) == 60u);
}

BOOST_AUTO_TEST_CASE(a_quota_of_one_and_no_quota_at_all) {
    rate_policy policy = sixty_a_minute();
    policy.quota = 1;
    const rate single{policy};
    wxlogind::rate_table one{1024, start};
    BOOST_TEST(allowed_of(one, "a", 10, start, single) == 1u);
    BOOST_TEST(!one.take(single, "a", start + 59s).is_allowed);
    BOOST_TEST(one.take(single, "a", start + 60s).is_allowed);
    policy.quota = 0;
    wxlogind::rate_table none{1024, start};
    BOOST_TEST(allowed_of(none, "a", 10000, start, rate{policy}) == 10000u);
}

BOOST_AUTO_TEST_CASE(another_rate_counts_at_once_and_what_was_used_stays_used) {
    rate_policy policy = sixty_a_minute();
    wxlogind::rate_table table{1024, start};
    BOOST_TEST(allowed_of(table, "a", 60, start) == 60u);
    policy.quota = 600;
    // Ten times as many, of which a minute's worth is used.
    BOOST_TEST(allowed_of(table, "a", 1000, start + 6s, rate{policy}) == 60u);
    policy.quota = 6;
    BOOST_TEST(allowed_of(table, "a", 10, start + 6s, rate{policy}) == 0u);
    BOOST_TEST(allowed_of(table, "a", 10, start + 6s + 60s, rate{policy}) == 6u);
    BOOST_TEST(&rate::of(policy) == &rate::of(policy));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_behind_another_threads_gives_nothing_away) {
    wxlogind::rate_table table{1024, start};
    BOOST_TEST(allowed_of(table, "a", 60, start + 5s) == 60u);
    BOOST_TEST(!table.take(usual(), "a", start + 4s).is_allowed);
}

BOOST_AUTO_TEST_CASE(it_counts_on_after_years) {
    wxlogind::rate_table table{1024, start};
    const time_point late = start + 8 * 365 * 24h;
    BOOST_TEST(allowed_of(table, "a", 100, late) == 60u);
    BOOST_TEST(allowed_of(table, "a", 100, late + 1s) == 1u);
}

BOOST_AUTO_TEST_CASE(threads_together_get_one_quota) {
    rate_policy policy = sixty_a_minute();
    policy.quota = 10000;
    const rate by{policy};
    wxlogind::rate_table table{1024, start};
    std::atomic<unsigned> allowed{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { allowed += allowed_of(table, "a", 10000, start, by); });
    }
    // Two threads may each put a key that is new into a cell of its own; one of the two is found from then
    // on.
    BOOST_TEST(allowed.load() >= 10000u);
    BOOST_TEST(allowed.load() <= 10003u);
}

// What an attacker with ten million addresses gets: memory does not grow, and who is at his limit stays
// there.
BOOST_AUTO_TEST_CASE(ten_million_keys_neither_grow_the_table_nor_free_an_offender) {
    // The sanitizers slow it down tenfold.
    constexpr unsigned keys = test::memory_can_be_measured ? 10'000'000 : 1'000'000;
    constexpr std::size_t cells = 262144;
    wxlogind::rate_table table{cells, start};
    BOOST_TEST(table.bytes() == cells * 8);
    time_point now = start;
    std::vector<std::string> offenders;
    for (int i = 0; i < 100; ++i) offenders.push_back("offender " + std::to_string(i));
    for (const std::string& each : offenders) BOOST_TEST(allowed_of(table, each, 60, now) == 60u);

    const std::size_t before = test::resident_bytes();
    unsigned freed = 0;
    for (unsigned i = 0; i < keys; ++i) {
        // Thirty seconds for all of them; an offender that tries on gets his one a second.
        if (i % 1000 == 0) now += 3ms;
        (void)table.take(usual(), std::to_string(i), now);
        if (i % 100'000 == 0)
            for (const std::string& each : offenders) freed += allowed_of(table, each, 10, now) > 1 ? 1 : 0;
    }
    BOOST_TEST(freed == 0u);
    BOOST_TEST(table.forgotten() > keys / 10);
    if (test::memory_can_be_measured) BOOST_TEST(test::resident_bytes() < before + (std::size_t{4} << 20));
    BOOST_TEST(table.bytes() == cells * 8);
}

BOOST_AUTO_TEST_CASE(what_is_used_of_a_quota_can_be_seen_and_comes_back) {
    wxlogind::rate_table table{64, start};
    const auto now = start + 10s;
    BOOST_TEST(table.used(usual(), "ada", now) == 0u);
    for (unsigned count = 1; count <= 60; ++count) {
        BOOST_TEST(table.take(usual(), "ada", now).is_allowed);
        BOOST_TEST(table.used(usual(), "ada", now) == count);
    }
    BOOST_TEST(!table.take(usual(), "ada", now).is_allowed);
    BOOST_TEST(table.used(usual(), "ada", now) == 60u);
    BOOST_TEST(table.used(usual(), "bob", now) == 0u);
    BOOST_TEST(table.used(usual(), "ada", now + 30s) == 30u);
    BOOST_TEST(table.used(usual(), "ada", now + 61s) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

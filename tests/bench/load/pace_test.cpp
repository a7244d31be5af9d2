// When requests are meant to start, and which rate is tried next.
#include "bench/load/pace/arrivals.hpp"
#include "bench/load/pace/rate_search.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace wxlogind::load;
using namespace std::chrono_literals;

namespace {

std::vector<nanoseconds> first_of(arrivals from, int count) {
    std::vector<nanoseconds> times;
    for (; count > 0; --count, from.advance()) times.push_back(from.next());
    return times;
}

// The answer of a search among rates of which those up to `capacity` are good, and how many tries it took.
std::pair<double, int> found(double first, double lowest, double capacity) {
    rate_search search{first, lowest};
    int tries = 0;
    for (; const auto rate = search.next(); ++tries) search.tell(*rate <= capacity);
    return {search.best().value_or(0), tries};
}

} // namespace

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(constant_arrivals_of_several_threads_interleave) {
    std::vector<nanoseconds> all;
    for (const unsigned thread : {0u, 1u, 2u, 3u})
        for (const nanoseconds each : first_of({arrival_pattern::constant, 1000, thread, 4, 0}, 25))
            all.push_back(each);
    std::ranges::sort(all);
    for (std::size_t i = 0; i < all.size(); ++i)
        BOOST_TEST(
            std::chrono::abs(all[i] - static_cast<nanoseconds::rep>(i) * nanoseconds{1ms}).count() <= 1,
            "arrival " << i << " at " << all[i].count());
}

BOOST_AUTO_TEST_CASE(a_surge_has_its_own_rate_and_the_usual_one_comes_back) {
    using namespace std::chrono_literals;
    arrivals all{arrival_pattern::constant, 100, 0, 1, 0, {1000, 1s, 2s}};
    BOOST_TEST(all.skip_until(1s) == 100u);
    BOOST_TEST(all.skip_until(2s) == 1000u);
    BOOST_TEST(all.skip_until(3s) == 100u);
}

BOOST_AUTO_TEST_CASE(poisson_arrivals_have_the_rate_and_gaps_as_scattered_as_they_should_be) {
    const auto times = first_of({arrival_pattern::poisson, 1000, 0, 1, 3}, 100'001);
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 1; i < times.size(); ++i) {
        const double gap = std::chrono::duration<double>(times[i] - times[i - 1]).count();
        sum += gap;
        squares += gap * gap;
    }
    const double mean = sum / 100'000;
    BOOST_TEST(std::abs(mean - 0.001) < 0.00002);
    // Of an exponential distribution the deviation is the mean.
    BOOST_TEST(std::abs(std::sqrt(squares / 100'000 - mean * mean) / mean - 1) < 0.02);
}

BOOST_AUTO_TEST_CASE(what_was_meant_to_start_before_the_end_is_counted) {
    arrivals all{arrival_pattern::constant, 100, 0, 1, 0};
    for (int i = 0; i < 30; ++i) all.advance();
    BOOST_TEST(all.skip_until(1s) == 70u);
    BOOST_TEST(all.skip_until(1s) == 0u);
}

BOOST_AUTO_TEST_CASE(the_search_comes_near_the_capacity_and_never_above_it) {
    for (const double capacity : {55.0, 777.0, 1000.0, 12'345.0, 200'000.0}) {
        const auto [best, tries] = found(1000, 10, capacity);
        BOOST_TEST(best <= capacity);
        BOOST_TEST(best * 1.05 >= capacity * 0.9999);
        BOOST_TEST(tries <= 16);
    }
}

BOOST_AUTO_TEST_CASE(the_search_ends_when_no_rate_is_good_or_every_rate_is) {
    BOOST_TEST(found(1000, 50, 0).first == 0);
    BOOST_TEST(found(1000, 50, 0).second <= 6); // 1000, 500 … 62.5
    BOOST_TEST(found(1000, 50, 1e300).second <= 24);
}

BOOST_AUTO_TEST_SUITE_END()

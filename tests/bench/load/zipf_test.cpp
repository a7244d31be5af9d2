// Users come as often as Zipf's law says.
#include "bench/load/users/user_choice.hpp"
#include "bench/load/users/zipf.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <set>
#include <vector>

using namespace wxlogind::load;

namespace {

// Of `draws` draws from 1..n, how often each came.
std::vector<double> counted(std::uint64_t n, double exponent, int draws) {
    generator numbers{11};
    const zipf_sampler sampler{n, exponent};
    std::vector<double> counts(n + 1);
    for (int i = 0; i < draws; ++i) {
        const std::uint64_t rank = sampler.next_rank(numbers);
        BOOST_TEST_REQUIRE(rank >= 1u);
        BOOST_TEST_REQUIRE(rank <= n);
        ++counts[rank];
    }
    return counts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(zipf)

BOOST_AUTO_TEST_CASE(each_rank_comes_as_often_as_the_law_says) {
    constexpr std::uint64_t n = 100;
    constexpr int draws = 400'000;
    for (const double exponent : {0.0, 0.5, 0.99, 1.0, 1.7}) {
        double norm = 0;
        for (std::uint64_t rank = 1; rank <= n; ++rank)
            norm += std::pow(static_cast<double>(rank), -exponent);
        const std::vector<double> counts = counted(n, exponent, draws);
        double chi_squared = 0;
        for (std::uint64_t rank = 1; rank <= n; ++rank) {
            const double expected = draws * std::pow(static_cast<double>(rank), -exponent) / norm;
            chi_squared += (counts[rank] - expected) * (counts[rank] - expected) / expected;
        }
        // 99 degrees of freedom: above 150 is one case in 1,000 (and the seed is fixed).
        BOOST_TEST(chi_squared < 150, "exponent " << exponent << ": chi squared " << chi_squared);
    }
}

BOOST_AUTO_TEST_CASE(ten_million_users_and_one_user_stay_in_range) {
    counted(10'000'000, 0.99, 20'000);
    counted(10'000'000, 1.0, 20'000);
    BOOST_TEST(counted(1, 0.99, 100)[1] == 100);
    BOOST_TEST(counted(2, 3, 1000)[2] > 0);
}

BOOST_AUTO_TEST_CASE(shuffling_is_one_to_one) {
    for (const std::uint64_t n : {1u, 2u, 3u, 4u, 10u, 97u, 1000u, 4096u, 30030u}) {
        const shuffled_users spread{n};
        std::set<std::uint64_t> seen;
        for (std::uint64_t i = 0; i < n; ++i) seen.insert(spread(i));
        BOOST_TEST(seen.size() == n);
        BOOST_TEST(*seen.rbegin() == n - 1);
    }
    const shuffled_users spread{10'000'000};
    BOOST_TEST(spread(1) > 1'000'000u); // the second most frequent is far from the first
}

BOOST_AUTO_TEST_CASE(threads_share_the_users_out_and_miss_none) {
    std::set<std::uint64_t> seen;
    std::size_t count = 0;
    for (const unsigned thread : {0u, 1u, 2u}) {
        user_choice users = user_choice::once_each({100, 10}, thread, 3);
        while (const auto user = users.next()) {
            seen.insert(*user);
            ++count;
        }
        BOOST_TEST(users.is_exhausted());
    }
    BOOST_TEST(count == 10u);
    BOOST_TEST(*seen.begin() == 100u);
    BOOST_TEST(*seen.rbegin() == 109u);
}

BOOST_AUTO_TEST_CASE(a_seed_repeats_the_users) {
    user_choice first = user_choice::by_zipf({0, 1000}, 0.99, 5);
    user_choice again = user_choice::by_zipf({0, 1000}, 0.99, 5);
    for (int i = 0; i < 100; ++i) BOOST_TEST(first.next().value() == again.next().value());
}

BOOST_AUTO_TEST_SUITE_END()

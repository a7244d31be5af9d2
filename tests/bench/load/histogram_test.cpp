// Quantiles are as near as promised, at every size.
#include "bench/load/record/histogram.hpp"
#include "bench/wechat-sim/generator.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace wxlogind::load;
using namespace std::chrono_literals;
using wxlogind::wechat_sim::generator;

BOOST_AUTO_TEST_SUITE(histogram)

BOOST_AUTO_TEST_CASE(an_empty_one_says_zero) {
    const wxlogind::load::histogram none;
    BOOST_TEST(none.count() == 0u);
    BOOST_TEST((none.quantile(0.5) == 0ns));
    BOOST_TEST((none.min() == 0ns));
    BOOST_TEST((none.mean() == 0ns));
}

BOOST_AUTO_TEST_CASE(every_value_comes_back_within_the_error_and_never_smaller) {
    for (nanoseconds::rep value = 0; value < (nanoseconds::rep{1} << 40); value += 1 + value / 97) {
        wxlogind::load::histogram one;
        one.record(nanoseconds{value});
        one.record(nanoseconds{(nanoseconds::rep{1} << 40) - 1}); // so that the maximum bounds nothing
        const auto told = one.quantile(0.5).count();
        BOOST_TEST_REQUIRE(told >= value);
        BOOST_TEST_REQUIRE(
            static_cast<double>(told - value) <=
            wxlogind::load::histogram::error * static_cast<double>(value));
    }
}

BOOST_AUTO_TEST_CASE(quantiles_are_those_of_the_sorted_values) {
    generator numbers{7};
    wxlogind::load::histogram all;
    std::vector<nanoseconds::rep> sorted;
    for (int i = 0; i < 100'000; ++i) {
        const auto value = static_cast<nanoseconds::rep>(std::exp(20 * numbers.fraction()));
        all.record(nanoseconds{value});
        sorted.push_back(value);
    }
    std::ranges::sort(sorted);
    for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.99999, 1.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 100'000)) - 1;
        const auto exact = static_cast<double>(sorted[rank]);
        const auto told = static_cast<double>(all.quantile(share).count());
        BOOST_TEST(told >= exact);
        BOOST_TEST(told <= exact * (1 + wxlogind::load::histogram::error));
    }
    BOOST_TEST(all.max().count() == sorted.back());
    BOOST_TEST(all.min().count() == sorted.front());
    BOOST_TEST(all.count_above(nanoseconds{sorted.back()}) == 0u);
}

BOOST_AUTO_TEST_CASE(the_sum_of_two_is_as_if_one_had_recorded_all) {
    wxlogind::load::histogram first;
    wxlogind::load::histogram second;
    wxlogind::load::histogram both;
    for (int i = 1; i <= 1000; ++i) {
        (i % 3 == 0 ? first : second).record(i * 1us);
        both.record(i * 1us);
    }
    first.add(second);
    for (const double share : {0.01, 0.5, 0.99, 1.0})
        BOOST_TEST((first.quantile(share) == both.quantile(share)));
    BOOST_TEST((first.mean() == both.mean()));
    BOOST_TEST((first.min() == both.min()));
    BOOST_TEST(first.count() == 1000u);
}

BOOST_AUTO_TEST_CASE(what_is_out_of_range_counts_as_the_nearest) {
    wxlogind::load::histogram all;
    all.record(-5ns);
    all.record(24h);
    BOOST_TEST((all.min() == 0ns));
    BOOST_TEST((all.max() > 18min));
    BOOST_TEST(all.count_above(1s) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

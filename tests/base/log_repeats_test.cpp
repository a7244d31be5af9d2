#include "core/base/log_repeats.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

using told = std::vector<std::pair<std::string, std::uint64_t>>;

told due(log_repeats& of, log_repeats::time_point now) {
    told all;
    of.take_due(now, [&](std::string_view event, std::uint64_t count) { all.emplace_back(event, count); });
    return all;
}

constexpr log_repeats::time_point start{1h};

} // namespace

BOOST_AUTO_TEST_SUITE(log_repeats)

BOOST_AUTO_TEST_CASE(the_first_are_written_and_the_rest_of_the_period_is_counted) {
    wxlogind::log_repeats repeats{{.at_most = 3, .period = 10s}};
    for (int i = 0; i < 3; ++i) BOOST_TEST(repeats.note("disk full", start).is_written);
    for (int i = 0; i < 100; ++i) BOOST_TEST(!repeats.note("disk full", start + 9s).is_written);
    BOOST_TEST(repeats.note("another", start + 9s).is_written);
    BOOST_TEST((repeats.next_due() == start + 10s));
}

BOOST_AUTO_TEST_CASE(the_next_line_that_is_written_tells_how_many_were_not) {
    wxlogind::log_repeats repeats{{.at_most = 1, .period = 10s}};
    (void)repeats.note("disk full", start);
    for (int i = 0; i < 7; ++i) (void)repeats.note("disk full", start + 1s);
    const auto next = repeats.note("disk full", start + 10s);
    BOOST_TEST(next.is_written);
    BOOST_TEST(next.suppressed == 7u);
    BOOST_TEST(due(repeats, start + 30s).empty()); // it has been told
}

BOOST_AUTO_TEST_CASE(where_no_line_follows_it_is_told_when_the_period_is_over) {
    wxlogind::log_repeats repeats{{.at_most = 1, .period = 10s}};
    (void)repeats.note("disk full", start);
    for (int i = 0; i < 7; ++i) (void)repeats.note("disk full", start + 1s);
    BOOST_TEST(due(repeats, start + 9s).empty());
    BOOST_TEST((repeats.next_due() == start + 10s));
    BOOST_TEST((due(repeats, start + 10s) == told{{"disk full", 7}}));
    BOOST_TEST(due(repeats, start + 11s).empty());
    BOOST_TEST((repeats.next_due() == wxlogind::log_repeats::time_point::max()));
}

BOOST_AUTO_TEST_CASE(more_events_than_it_has_room_for_are_all_written) {
    wxlogind::log_repeats repeats{{.at_most = 1, .period = 10s}};
    std::vector<std::string> events;
    for (int i = 0; i < 1000; ++i) events.push_back("event " + std::to_string(i));
    std::size_t written = 0;
    for (int round = 0; round < 2; ++round)
        for (const std::string& each : events) written += repeats.note(each, start).is_written ? 1 : 0;
    BOOST_TEST(written >= 2000 - 64u);
    // Room comes back when all is told.
    BOOST_TEST(due(repeats, start + 11s).size() <= 64u);
    (void)repeats.note("late", start + 11s);
    BOOST_TEST(!repeats.note("late", start + 11s).is_written);
}

BOOST_AUTO_TEST_CASE(nothing_is_counted_where_all_are_wanted) {
    wxlogind::log_repeats repeats{{.at_most = 0}};
    for (int i = 0; i < 1000; ++i) BOOST_TEST(repeats.note("x", start).is_written);
}

BOOST_AUTO_TEST_SUITE_END()

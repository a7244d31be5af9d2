#include "core/base/pending_lines.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace wxlogind;

BOOST_AUTO_TEST_SUITE(pending_lines)

using rank = wxlogind::pending_lines::rank;

BOOST_AUTO_TEST_CASE(lines_come_out_in_the_order_they_went_in) {
    wxlogind::pending_lines lines{64};
    BOOST_TEST(lines.empty());
    lines.offer("one\n", rank::event);
    lines.offer("two\n", rank::traffic);
    BOOST_TEST(lines.take() == "one\ntwo\n");
    BOOST_TEST(lines.empty());
}

BOOST_AUTO_TEST_CASE(what_was_taken_stays_while_new_lines_are_collected) {
    wxlogind::pending_lines lines{64};
    lines.offer("one\n", rank::event);
    const std::string_view taken = lines.take();
    lines.offer("two\n", rank::event);
    BOOST_TEST(taken == "one\n");
    BOOST_TEST(lines.take() == "two\n");
}

BOOST_AUTO_TEST_CASE(a_line_that_does_not_fit_is_counted_once_and_leaves_the_rest_alone) {
    wxlogind::pending_lines lines{16};
    BOOST_TEST(lines.offer("12345\n", rank::event));
    BOOST_TEST(!lines.offer("too long\n", rank::event));
    BOOST_TEST(lines.offer("8\n", rank::event));
    BOOST_TEST(!lines.offer("\n", rank::event));
    BOOST_TEST(lines.take() == "12345\n8\n");
    BOOST_TEST(lines.take_dropped() == 2u);
    BOOST_TEST(lines.take_dropped() == 0u);
}

BOOST_AUTO_TEST_CASE(an_event_still_fits_where_traffic_has_filled_its_part) {
    wxlogind::pending_lines lines{32}; // 16 collect, 2 of them for events
    BOOST_TEST(lines.offer("request 12345\n", rank::traffic));
    BOOST_TEST(!lines.offer("\n", rank::traffic));
    BOOST_TEST(lines.offer("!\n", rank::event));
    BOOST_TEST(!lines.offer("\n", rank::event));
    BOOST_TEST(lines.take_dropped() == 2u);
    BOOST_TEST(lines.take() == "request 12345\n!\n");
}

BOOST_AUTO_TEST_CASE(it_is_half_full_at_half_of_what_collects) {
    wxlogind::pending_lines lines{16};
    lines.offer("12\n", rank::event);
    BOOST_TEST(!lines.is_half_full());
    lines.offer("\n", rank::event);
    BOOST_TEST(lines.is_half_full());
}

BOOST_AUTO_TEST_SUITE_END()

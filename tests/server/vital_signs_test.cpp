#include "core/server/vital_signs.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;

namespace {

std::vector<vital_sign> reading(std::uint64_t first, std::uint64_t second, std::uint64_t writer) {
    return {{"reactor-0", first}, {"reactor-1", second}, {"writer", writer}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(vital_signs)

BOOST_AUTO_TEST_CASE(the_first_reading_says_nothing_yet) {
    wxlogind::vital_signs signs;
    BOOST_TEST(!signs.have_all_moved(reading(5, 5, 5)));
    BOOST_TEST(signs.have_all_moved(reading(6, 9, 6)));
}

BOOST_AUTO_TEST_CASE(one_part_that_stands_still_is_enough_and_is_named) {
    wxlogind::vital_signs signs;
    (void)signs.have_all_moved(reading(1, 1, 1));
    BOOST_TEST(!signs.have_all_moved(reading(2, 1, 2)));
    BOOST_TEST(signs.still() == "reactor-1");
    BOOST_TEST(!signs.have_all_moved(reading(9, 1, 1)));
    BOOST_TEST(signs.still() == "reactor-1, writer");
}

BOOST_AUTO_TEST_CASE(parts_may_move_at_different_times_before_the_answer_is_yes) {
    wxlogind::vital_signs signs;
    (void)signs.have_all_moved(reading(1, 1, 1));
    BOOST_TEST(!signs.have_all_moved(reading(2, 1, 1)));
    BOOST_TEST(!signs.have_all_moved(reading(2, 2, 1)));
    BOOST_TEST(signs.have_all_moved(reading(2, 2, 2)));
    BOOST_TEST(signs.still() == "");
}

BOOST_AUTO_TEST_CASE(a_part_that_moved_once_has_to_go_on_moving) {
    wxlogind::vital_signs signs;
    (void)signs.have_all_moved(reading(1, 1, 1));
    BOOST_TEST(signs.have_all_moved(reading(2, 2, 2)));
    BOOST_TEST(!signs.have_all_moved(reading(3, 3, 2)));
    BOOST_TEST(signs.have_all_moved(reading(3, 3, 3)));
}

BOOST_AUTO_TEST_SUITE_END()

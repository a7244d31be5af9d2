#include "storage/sqlite/back_off.hpp"
#include "storage/sqlite/checkpoint_plan.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::storage::sqlite;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(pacing)

BOOST_AUTO_TEST_CASE(a_short_log_is_left_alone) {
    const checkpoint_plan plan{100};
    BOOST_TEST(!plan.is_due(0));
    BOOST_TEST(!plan.is_due(99));
    BOOST_TEST(plan.is_due(100));
}

BOOST_AUTO_TEST_CASE(a_whole_fold_starts_the_count_again) {
    checkpoint_plan plan{100};
    plan.was_tried(150, 150);
    BOOST_TEST(!plan.is_due(60));
    // A first batch larger than the log before it is no reason to wait longer.
    BOOST_TEST(plan.is_due(160));
}

BOOST_AUTO_TEST_CASE(a_fold_that_a_reader_cut_short_is_tried_again_later_not_at_once) {
    checkpoint_plan plan{100};
    plan.was_tried(100, 40);
    BOOST_TEST(!plan.is_due(199));
    BOOST_TEST(plan.is_due(200));
    plan.was_tried(200, 200);
    BOOST_TEST(plan.is_due(100));
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_a_limit_and_start_again_after_success) {
    back_off pauses;
    BOOST_TEST(pauses.next().count() == 100);
    BOOST_TEST(pauses.next().count() == 200);
    BOOST_TEST(pauses.next().count() == 400);
    BOOST_TEST(pauses.next().count() == 800);
    BOOST_TEST(pauses.next().count() == 1600);
    BOOST_TEST(pauses.next().count() == 2000);
    BOOST_TEST(pauses.next().count() == 2000);
    pauses.reset();
    BOOST_TEST(pauses.next().count() == 100);
}

BOOST_AUTO_TEST_SUITE_END()

#include "storage/write_queue.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::storage;

BOOST_AUTO_TEST_SUITE(write_queue)

using queue = wxlogind::storage::write_queue;

BOOST_AUTO_TEST_CASE(an_idle_writer_sleeps_and_wakes_for_one_row) {
    queue writes{64, 100};
    BOOST_TEST((writes.next() == writer_step::sleep));
    BOOST_TEST(writes.offer());
    BOOST_TEST((writes.next() == writer_step::commit));
    BOOST_TEST(writes.take_batch() == 1u);
    BOOST_TEST((writes.next() == writer_step::sleep));
}

BOOST_AUTO_TEST_CASE(a_batch_is_all_that_queued_up_but_never_more_than_allowed) {
    queue writes{3, 100};
    for (int row = 0; row < 7; ++row) BOOST_TEST(writes.offer());
    BOOST_TEST(writes.take_batch() == 3u);
    BOOST_TEST(writes.take_batch() == 3u);
    BOOST_TEST(writes.take_batch() == 1u);
    BOOST_TEST(writes.take_batch() == 0u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_refuses_until_a_batch_is_taken) {
    queue writes{2, 3};
    for (int row = 0; row < 3; ++row) BOOST_TEST(writes.offer());
    BOOST_TEST(!writes.offer());
    BOOST_TEST(writes.queued() == 3u);
    BOOST_TEST(writes.take_batch() == 2u);
    BOOST_TEST(writes.offer());
}

BOOST_AUTO_TEST_CASE(a_stopping_queue_refuses_new_rows_and_finishes_the_old_ones) {
    queue writes{2, 10};
    for (int row = 0; row < 3; ++row) BOOST_TEST(writes.offer());
    writes.stop();
    BOOST_TEST(!writes.offer());
    BOOST_TEST((writes.next() == writer_step::commit));
    BOOST_TEST(writes.take_batch() == 2u);
    BOOST_TEST((writes.next() == writer_step::commit));
    BOOST_TEST(writes.take_batch() == 1u);
    BOOST_TEST((writes.next() == writer_step::stop));
}

BOOST_AUTO_TEST_CASE(house_keeping_waits_until_nobody_waits_for_a_commit) {
    queue writes{64, 100};
    BOOST_TEST(writes.offer_idle());
    BOOST_TEST(writes.offer());
    BOOST_TEST((writes.next() == writer_step::commit));
    BOOST_TEST(writes.take_batch() == 1u);
    BOOST_TEST((writes.next() == writer_step::commit_idle));
    writes.take_idle();
    BOOST_TEST((writes.next() == writer_step::sleep));
}

BOOST_AUTO_TEST_CASE(house_keeping_is_bounded_and_finished_before_the_end) {
    queue writes{64, 100};
    for (std::size_t row = 0; row < queue::max_idle; ++row) BOOST_TEST(writes.offer_idle());
    BOOST_TEST(!writes.offer_idle());
    writes.take_idle();
    BOOST_TEST(writes.offer_idle());
    writes.stop();
    BOOST_TEST(!writes.offer_idle());
    for (std::size_t row = 0; row < queue::max_idle; ++row) {
        BOOST_TEST((writes.next() == writer_step::commit_idle));
        writes.take_idle();
    }
    BOOST_TEST((writes.next() == writer_step::stop));
}

BOOST_AUTO_TEST_CASE(limits_of_nothing_are_limits_of_one) {
    queue writes{0, 0};
    BOOST_TEST(writes.offer());
    BOOST_TEST(!writes.offer());
    BOOST_TEST(writes.take_batch() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

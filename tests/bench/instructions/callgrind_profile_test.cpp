#include "bench/instructions/callgrind_profile.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace wxlogind::bench;

BOOST_AUTO_TEST_SUITE(callgrind_profile)

BOOST_AUTO_TEST_CASE(the_summary_is_the_count_of_instructions) {
    BOOST_TEST(instructions_in("events: Ir\nsummary: 81158556\n\nfn=main\n0 7\n") == 81158556u);
}

BOOST_AUTO_TEST_CASE(a_profile_that_was_not_finished_is_no_count_of_zero) {
    BOOST_CHECK_THROW((void)instructions_in(""), std::runtime_error);
    BOOST_CHECK_THROW((void)instructions_in("events: Ir\nsummary: 0\n"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(calls_that_were_under_way_are_left_out_and_finished_ones_stay) {
    const std::string profile = "fn=clone\ncfn=start_thread\ncalls=0 336 \n100 5000\n"
                                "fn=read\ncfn=check\ncalls=10 20 \n3 400\n3 5\n";
    BOOST_TEST(
        without_open_calls(profile) == "fn=clone\ncfn=start_thread\n"
                                       "fn=read\ncfn=check\ncalls=10 20 \n3 400\n3 5\n");
}

BOOST_AUTO_TEST_CASE(an_allocation_counts_once_whoever_hands_it_on) {
    const std::string profile = "fn=log_in\ncfn=operator new(unsigned long)\ncalls=7 \n0 70\n"
                                "cfn=render\ncalls=1000 \n0 9\n"
                                "fn=operator new(unsigned long)\ncfn=malloc\ncalls=7 \n0 60\n"
                                "fn=sqlite3Malloc\ncfn=malloc\ncalls=2 \n0 8\ncfn=free\ncalls=2 \n0 1\n";
    BOOST_TEST(allocations_in(profile) == 9u);
}

BOOST_AUTO_TEST_SUITE_END()

// Codes of the load harness are those that the simulator takes, and no two are the same.
#include "bench/load/users/login_codes.hpp"
#include "bench/wechat-sim/world/load_code.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

using codes_of_load = wxlogind::load::login_codes;
using wxlogind::wechat_sim::user_of_load_code;

BOOST_AUTO_TEST_SUITE(login_codes)

BOOST_AUTO_TEST_CASE(the_simulator_reads_the_user_out_of_them) {
    codes_of_load codes{0x0123456789abcdef, 3};
    BOOST_TEST(user_of_load_code(codes.next(0)).value_or("") == "0000000000");
    BOOST_TEST(user_of_load_code(codes.next(9'999'999'999)).value_or("") == "9999999999");
    BOOST_TEST(user_of_load_code(codes.next(1234567)).value_or("") == "0001234567");
}

BOOST_AUTO_TEST_CASE(no_two_are_the_same_whatever_the_user_the_thread_and_the_run) {
    std::set<std::string> seen;
    std::size_t made = 0;
    for (const std::uint64_t run : {1u, 2u})
        for (const unsigned thread : {0u, 1u, 61u, 62u}) {
            codes_of_load codes{run, thread};
            for (int i = 0; i < 5000; ++i, ++made) seen.emplace(codes.next(7));
        }
    BOOST_TEST(seen.size() == made);
}

BOOST_AUTO_TEST_SUITE_END()

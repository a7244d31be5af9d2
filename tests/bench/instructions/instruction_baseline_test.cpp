#include "bench/instructions/baseline.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace wxlogind::bench;

BOOST_AUTO_TEST_SUITE(instruction_baseline)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
    const auto read = parse_baseline(to_baseline_text({{"login", 160000, 40}, {"verify", 48000, 9}}));
    BOOST_TEST_REQUIRE(read.size() == 2u);
    BOOST_TEST(read[0].name == "login");
    BOOST_TEST(read[0].instructions == 160000u);
    BOOST_TEST(read[1].name == "verify");
    BOOST_TEST(read[1].instructions == 48000u);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_name_and_number_is_refused) {
    BOOST_CHECK_THROW((void)parse_baseline("login\n"), std::runtime_error);
    BOOST_CHECK_THROW((void)parse_baseline("login many\n"), std::runtime_error);
    BOOST_CHECK_THROW((void)parse_baseline("login 1 2\n"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(five_percent_more_pass_and_a_little_more_does_not) {
    BOOST_TEST(!compare({{"login", 105000, 0}}, {{"login", 100000, 0}}).is_dearer);
    BOOST_TEST(compare({{"login", 105001, 0}}, {{"login", 100000, 0}}).is_dearer);
    BOOST_TEST(!compare({{"login", 105001, 0}}, {{"login", 100000, 0}}).is_cheaper);
}

BOOST_AUTO_TEST_CASE(one_dear_request_among_cheap_ones_is_seen) {
    const auto found =
        compare({{"login", 90, 0}, {"verify", 110, 0}}, {{"login", 100, 0}, {"verify", 100, 0}});
    BOOST_TEST(found.is_dearer);
    BOOST_TEST(found.is_cheaper);
    BOOST_TEST(found.table.find("verify") != std::string::npos);
    BOOST_TEST(found.table.find("+10.0%") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_request_without_a_baseline_does_not_pass) {
    BOOST_TEST(compare({{"login", 100, 0}}, {}).is_dearer);
    BOOST_TEST(compare({{"login", 100, 0}}, {{"login", 0, 0}}).is_dearer);
}

BOOST_AUTO_TEST_SUITE_END()

// The fuzzer's corpus, and small changes of it, without the fuzzer.
#include "tests/fuzz/response_property.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(response_corpus)

BOOST_AUTO_TEST_CASE(a_response_reads_the_same_however_it_is_cut) {
    const auto count = wxlogind::test::replay_corpus("response", wxlogind::test::check_response);
    BOOST_TEST(count > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

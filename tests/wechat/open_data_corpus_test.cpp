// The fuzzer's corpus, and small changes of it, without the fuzzer.
#include "tests/fuzz/open_data_property.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(open_data_corpus)

BOOST_AUTO_TEST_CASE(open_data_is_read_or_refused_in_words_of_ours) {
    const auto count = wxlogind::test::replay_corpus("open_data", wxlogind::test::check_open_data);
    BOOST_TEST(count > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

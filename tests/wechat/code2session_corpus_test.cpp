// The fuzzer's corpus, and small changes of it, without the fuzzer.
#include "tests/fuzz/code2session_property.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(code2session_corpus)

BOOST_AUTO_TEST_CASE(only_replies_of_the_promised_form_are_taken) {
    const auto count = wxlogind::test::replay_corpus("code2session", wxlogind::test::check_code2session);
    BOOST_TEST(count > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

// The fuzzer's corpus, and small changes of it, without the fuzzer.
#include "tests/fuzz/token_property.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(token_corpus)

BOOST_AUTO_TEST_CASE(no_text_is_a_token_but_one_that_we_would_have_written) {
    const wxlogind::test::token_property property;
    const auto count = wxlogind::test::replay_corpus("token", [&](auto text) { property.check(text); });
    BOOST_TEST(count > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

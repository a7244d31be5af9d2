// The fuzzer's corpus, and small changes of it, without the fuzzer.
#include "tests/fuzz/login_form_property.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(login_form_corpus)

BOOST_AUTO_TEST_CASE(a_form_that_is_taken_keeps_its_bounds) {
    const auto count = wxlogind::test::replay_corpus("login_form", wxlogind::test::check_login_form);
    BOOST_TEST(count > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

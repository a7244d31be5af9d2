// The fuzzer's corpus, and small changes of it, without the fuzzer.
#include "tests/fuzz/multipart_property.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(multipart_corpus)

BOOST_AUTO_TEST_CASE(a_form_is_read_alike_however_it_is_cut) {
    const auto count = wxlogind::test::replay_corpus("multipart", wxlogind::test::check_multipart);
    BOOST_TEST(count > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

// The corpora of the fuzzers of encodings and JSON, and small changes of them, without the fuzzer.
#include "tests/fuzz/encoding_property.hpp"
#include "tests/fuzz/json_property.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(text_corpus)

BOOST_AUTO_TEST_CASE(decoders_take_only_what_their_encoders_write) {
    BOOST_TEST(replay_corpus("encoding", [](auto text) { check_encoding(text); }) > 200u);
}

BOOST_AUTO_TEST_CASE(a_json_object_is_read_as_boost_reads_it) {
    BOOST_TEST(replay_corpus("json", [](auto text) { check_json(text); }) > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/base/sha1.hpp"

#include "core/base/encoding.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;

namespace {

std::string hex_of(const sha1_digest& digest) {
    return hex_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

} // namespace

BOOST_AUTO_TEST_SUITE(sha1_digests)

BOOST_AUTO_TEST_CASE(the_samples_of_the_standard_come_out) {
    BOOST_TEST(hex_of(sha1({})) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    BOOST_TEST(hex_of(sha1({"abc"})) == "a9993e364706816aba3e25717850c26c9cd0d89d");
}

BOOST_AUTO_TEST_CASE(parts_are_one_text) {
    BOOST_TEST(hex_of(sha1({"a", "", "bc"})) == hex_of(sha1({"abc"})));
}

BOOST_AUTO_TEST_CASE(digests_are_equal_only_byte_by_byte) {
    const sha1_digest one = sha1({"abc"});
    sha1_digest other = one;
    BOOST_TEST(is_equal(one, other));
    other.back() ^= 1;
    BOOST_TEST(!is_equal(one, other));
}

BOOST_AUTO_TEST_SUITE_END()

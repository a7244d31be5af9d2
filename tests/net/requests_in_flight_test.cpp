#include "core/net/requests_in_flight.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace wxlogind;

namespace {

using flying = std::optional<net::requests_in_flight::one>;

} // namespace

BOOST_AUTO_TEST_SUITE(requests_in_flight)

BOOST_AUTO_TEST_CASE(without_requests_nothing_is_kept) {
    net::requests_in_flight requests;
    const auto what = std::make_shared<const int>(1);
    requests.keep_for_all(what);
    BOOST_TEST(what.use_count() == 1);
    BOOST_TEST(requests.kept() == 0u);
}

BOOST_AUTO_TEST_CASE(what_was_exchanged_goes_with_the_last_request_from_before) {
    net::requests_in_flight requests;
    const auto what = std::make_shared<const int>(1);
    flying one;
    flying two;
    flying later;
    one.emplace(requests);
    two.emplace(requests);
    requests.keep_for_all(what);
    later.emplace(requests); // sees what is new
    one.reset();
    BOOST_TEST(what.use_count() == 2);
    two.reset();
    BOOST_TEST(what.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_request_keeps_all_that_was_exchanged_since_it_began) {
    net::requests_in_flight requests;
    const auto first = std::make_shared<const int>(1);
    const auto second = std::make_shared<const int>(2);
    flying old;
    flying younger;
    old.emplace(requests);
    requests.keep_for_all(first);
    younger.emplace(requests);
    requests.keep_for_all(second);
    younger.reset(); // the old one may look at the second as well
    BOOST_TEST(requests.kept() == 2u);
    old.reset();
    BOOST_TEST(first.use_count() == 1);
    BOOST_TEST(second.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

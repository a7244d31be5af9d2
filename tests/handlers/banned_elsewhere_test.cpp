// A ban that this process has not been told of yet: the token counts still, and the user's row says no.
#include "tests/support/session_services.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(banned_elsewhere)

BOOST_AUTO_TEST_CASE(the_profile_is_not_shown_though_the_token_is_good) {
    session_services services;
    const auto login = services.log_in("alice").value();
    BOOST_TEST(services.me(login.access).has_value());
    services.ban_elsewhere();
    BOOST_TEST(services.verify(login.access).has_value());
    BOOST_TEST((services.me(login.access).error().code == errc::user_blocked));
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/net/address_text.hpp"

#include <boost/test/unit_test.hpp>

using boost::asio::ip::make_address;
using wxlogind::net::text_of;

BOOST_AUTO_TEST_SUITE(address_text)

BOOST_AUTO_TEST_CASE(addresses_read_as_everybody_writes_them) {
    for (const char* const each :
         {"0.0.0.1", "1.20.255.0", "255.255.255.255", "10.0.0.10", "::1", "2001:db8::a:1",
          "::ffff:192.0.2.1"})
        BOOST_TEST(text_of(make_address(each)) == each);
}

BOOST_AUTO_TEST_CASE(the_other_end_of_a_unix_socket_has_no_address) {
    BOOST_TEST(text_of({}) == "");
    BOOST_TEST(text_of(make_address("::")) == "");
}

BOOST_AUTO_TEST_SUITE_END()

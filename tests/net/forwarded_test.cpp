#include "core/net/forwarded.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::net;

namespace {

address_blocks blocks(std::vector<std::string> texts) {
    auto parsed = address_blocks::parse(texts);
    BOOST_TEST_REQUIRE(parsed.has_value());
    return std::move(*parsed);
}

asio::ip::address address(const char* text) {
    return asio::ip::make_address(text);
}

const address_blocks proxies = blocks({"10.0.0.0/8", "127.0.0.1", "fd00::/8"});

// The client as one X-Forwarded-For tells it to a proxy of ours.
std::string client_of(std::string_view value, const char* peer = "10.0.0.1") {
    const std::vector<header_field> fields{{"Host", "h"}, {"x-forwarded-for", value}};
    return forwarded_client(address(peer), fields, proxies).to_string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(forwarded)

BOOST_AUTO_TEST_CASE(a_block_contains_what_shares_its_prefix) {
    const address_blocks some = blocks({"192.0.2.64/26", "198.51.100.7", "2001:db8:8000::/33", "::1"});
    for (const char* inside :
         {"192.0.2.64", "192.0.2.127", "198.51.100.7", "2001:db8:8000::", "2001:db8:ffff::1", "::1",
          "::ffff:192.0.2.100"})
        BOOST_TEST(some.contains(address(inside)));
    for (const char* outside :
         {"192.0.2.63", "192.0.2.128", "198.51.100.6", "2001:db8:7fff::", "2001:db9:8000::", "::2",
          "::", "0.0.0.0", "::192.0.2.100"})
        BOOST_TEST(!some.contains(address(outside)));
    BOOST_TEST(!address_blocks{}.contains(address("127.0.0.1")));
    BOOST_TEST(blocks({"0.0.0.0/0"}).contains(address("203.0.113.1")));
    BOOST_TEST(!blocks({"0.0.0.0/0"}).contains(address("2001:db8::1")));
    BOOST_TEST(blocks({"::/0"}).contains(address("203.0.113.1")));
    // Bits behind the prefix do not matter.
    BOOST_TEST(blocks({"10.1.2.3/8"}).contains(address("10.9.9.9")));
}

BOOST_AUTO_TEST_CASE(what_is_no_block_is_refused) {
    for (const char* text :
         {"", "proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "::/129", "/8",
          "fe80::1%eth0", "fe80::1%1/64", "10.0.0.1:80", "[::1]", " 10.0.0.1"})
        BOOST_TEST_CONTEXT(text) {
            const std::vector<std::string> texts{text};
            BOOST_TEST(!address_blocks::parse(texts).has_value());
        }
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_not_trusted_is_the_client_whatever_it_says) {
    BOOST_TEST(client_of("198.51.100.7", "203.0.113.9") == "203.0.113.9");
    BOOST_TEST(client_of("10.0.0.2", "203.0.113.9") == "203.0.113.9");
    const std::vector<header_field> fields{{"X-Forwarded-For", "198.51.100.7"}};
    BOOST_TEST(forwarded_client(address("127.0.0.1"), fields, {}).to_string() == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(the_client_is_the_rightmost_that_is_no_proxy_of_ours) {
    BOOST_TEST(client_of("198.51.100.7") == "198.51.100.7");
    BOOST_TEST(client_of("1.1.1.1, 198.51.100.7") == "198.51.100.7");
    BOOST_TEST(client_of("1.1.1.1, 198.51.100.7, 10.1.1.1, 127.0.0.1") == "198.51.100.7");
    BOOST_TEST(client_of("1.1.1.1,198.51.100.7\t ,10.1.1.1") == "198.51.100.7");
    BOOST_TEST(client_of("garbage, 198.51.100.7") == "198.51.100.7");
    BOOST_TEST(client_of("198.51.100.7:4711") == "198.51.100.7");
    BOOST_TEST(client_of("2001:db8::7") == "2001:db8::7");
    BOOST_TEST(client_of("[2001:db8::7]") == "2001:db8::7");
    BOOST_TEST(client_of("[2001:db8::7]:443, fd00::2") == "2001:db8::7");
    BOOST_TEST(client_of("::ffff:198.51.100.7") == "198.51.100.7");
    BOOST_TEST(client_of("198.51.100.7", "::ffff:10.0.0.1") == "198.51.100.7");
}

BOOST_AUTO_TEST_CASE(who_comes_by_a_unix_socket_is_trusted_only_where_that_is_said) {
    const std::vector<header_field> fields{{"X-Forwarded-For", "1.1.1.1, 198.51.100.7"}};
    const asio::ip::address unix_peer;
    const auto client = [&](const address_blocks& trusted, const asio::ip::address& peer) {
        return forwarded_client(peer, fields, trusted).to_string();
    };
    BOOST_TEST(client(blocks({"unix"}), unix_peer) == "198.51.100.7");
    BOOST_TEST(client(blocks({"10.0.0.0/8", "unix"}), unix_peer) == "198.51.100.7");
    BOOST_TEST(client(blocks({"unix"}), address("10.0.0.1")) == "10.0.0.1");
    // Not by a block that happens to hold its number.
    for (const char* all : {"0.0.0.0/0", "::/0", "0.0.0.0"})
        BOOST_TEST(client(blocks({all}), unix_peer) == unix_peer.to_string());
    BOOST_TEST(!blocks({"unix"}).empty());
    const std::vector<header_field> named{{"X-Forwarded-For", "198.51.100.7, 0.0.0.0"}};
    BOOST_TEST(forwarded_client(unix_peer, named, blocks({"unix"})).to_string() == "0.0.0.0");
}

BOOST_AUTO_TEST_CASE(when_all_are_proxies_the_leftmost_is_the_client) {
    BOOST_TEST(client_of("10.0.0.3, 10.0.0.2") == "10.0.0.3");
}

BOOST_AUTO_TEST_CASE(several_fields_count_as_one_list) {
    const std::vector<header_field> fields{
        {"X-Forwarded-For", "1.1.1.1"},
        {"X-Forwarded-For", "198.51.100.7, 10.2.2.2"},
        {"X-Forwarded-For", "10.1.1.1"}};
    BOOST_TEST(forwarded_client(address("10.0.0.1"), fields, proxies).to_string() == "198.51.100.7");
    const std::vector<header_field> none{{"Forwarded", "for=198.51.100.7"}, {"X-Real-IP", "198.51.100.7"}};
    BOOST_TEST(forwarded_client(address("10.0.0.1"), none, proxies).to_string() == "10.0.0.1");
}

BOOST_AUTO_TEST_CASE(garbage_is_not_believed_and_nothing_behind_it_is) {
    const std::string longest(8000, '1');
    for (const std::string& bad :
         {std::string{""},
          std::string{","},
          std::string{" "},
          std::string{"unknown"},
          std::string{"_hidden"},
          std::string{"1.2.3"},
          std::string{"1.2.3.4.5"},
          std::string{"256.1.1.1"},
          std::string{"01.2.3.4"},
          std::string{"1.2.3.4:"},
          std::string{"1.2.3.4:x"},
          std::string{"1.2.3.4:123456"},
          std::string{"[1.2.3.4]"},
          std::string{"[::1"},
          std::string{"::1]"},
          std::string{"[]"},
          std::string{"[::1]x"},
          std::string{"[::1]:"},
          std::string{"fe80::1%eth0"},
          std::string{"[fe80::1%25eth0]"},
          std::string{"fe80::1%1"},
          std::string{"1::2::3"},
          std::string{"\"198.51.100.7\""},
          std::string{"for=198.51.100.7"},
          std::string{"1.2.3.4;"},
          std::string{"1.2.3.4\0", 8},
          std::string{"\xff\xfe"},
          std::string{"0x7f.1"},
          longest})
        BOOST_TEST_CONTEXT(bad) {
            BOOST_TEST(client_of(bad) == "10.0.0.1");
            BOOST_TEST(client_of("198.51.100.7, " + bad) == "10.0.0.1");
            BOOST_TEST(client_of("198.51.100.7, " + bad + ", 10.3.3.3") == "10.3.3.3");
        }
}

BOOST_AUTO_TEST_CASE(a_hundred_entries_are_walked_as_far_as_they_are_trusted) {
    std::string value = "198.51.100.7";
    for (int i = 0; i < 100; ++i) value += ", 10.0.0." + std::to_string(i);
    BOOST_TEST(client_of(value) == "198.51.100.7");
    std::string spoofed;
    for (int i = 0; i < 100; ++i) spoofed += "1.1.1." + std::to_string(i) + ",";
    BOOST_TEST(client_of(spoofed + "203.0.113.9") == "203.0.113.9");
    BOOST_TEST(client_of(std::string(2000, ',')) == "10.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()

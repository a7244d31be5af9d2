#include "core/net/proxy_header.hpp"
#include "tests/fuzz/proxy_header_property.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace std::string_literals;

namespace {

using reading = proxy_header::reading;

const std::string signature{"\r\n\r\n\0\r\nQUIT\n", 12};
const std::string v4_addresses = "\xc0\x00\x02\x01\xc6\x33\x64\x01\xdc\x04\x01\xbb"s;

std::string binary(char command, char family, const std::string& body) {
    return signature + command + family + static_cast<char>(body.size() / 256) +
           static_cast<char>(body.size() % 256) + body;
}

// "192.0.2.1", "-" for a header that names nobody, "wrong", "more".
std::string outcome_of(const std::string& bytes) {
    const proxy_header header = read_proxy_header(bytes);
    if (header.step == reading::is_wrong) return "wrong";
    if (header.step == reading::needs_bytes) return "more";
    if (header.size != bytes.size()) return "ends elsewhere";
    return header.client ? header.client->to_string() : "-";
}

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_header)

BOOST_AUTO_TEST_CASE(a_line_of_text_names_the_client) {
    BOOST_TEST(outcome_of("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n") == "192.0.2.1");
    BOOST_TEST(outcome_of("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n") == "2001:db8::1");
    BOOST_TEST(outcome_of("PROXY UNKNOWN\r\n") == "-");
    BOOST_TEST(outcome_of("PROXY UNKNOWN 1.2.3.4 whatever\r\n") == "-");
}

BOOST_AUTO_TEST_CASE(a_binary_header_names_the_client) {
    BOOST_TEST(outcome_of(binary('\x21', '\x11', v4_addresses)) == "192.0.2.1");
    const std::string v6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01";
    BOOST_TEST(outcome_of(binary('\x21', '\x21', v6 + v6 + "\0\1\0\2"s)) == "2001:db8::1");
    BOOST_TEST(outcome_of(binary('\x21', '\x11', v4_addresses + "\x04\0\2hi"s)) == "192.0.2.1");
    BOOST_TEST(outcome_of(binary('\x20', '\x00', "")) == "-");
    BOOST_TEST(outcome_of(binary('\x20', '\x11', v4_addresses)) == "-");
    BOOST_TEST(outcome_of(binary('\x21', '\x00', "")) == "-");
    BOOST_TEST(outcome_of(binary('\x21', '\x31', std::string(216, 'a'))) == "-");
}

BOOST_AUTO_TEST_CASE(what_is_not_exactly_a_header_is_wrong) {
    for (const std::string& text :
         {"GET / HTTP/1.1\r\n"s,
          "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n"s,
          "PROXY TCP4\r\n"s,
          "PROXY  UNKNOWN\r\n"s,
          "PROXY TCP4 192.0.2.1 198.51.100.1 1\r\n"s,
          "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3\r\n"s,
          "PROXY TCP4 192.0.2.1  198.51.100.1 1 2\r\n"s,
          "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 \r\n"s,
          "PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n"s,
          "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n"s,
          "PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n"s,
          "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n"s,
          "PROXY TCP4 192.0.2.1 198.51.100.1 65536 2\r\n"s,
          "PROXY TCP4 192.0.2.1 198.51.100.1 01 2\r\n"s,
          "PROXY TCP4 192.0.2.1 198.51.100.1 -1 2\r\n"s,
          "PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n"s,
          "PROXY UNKNOWN " + std::string(100, 'x'),
          binary('\x11', '\x11', v4_addresses),
          binary('\x22', '\x11', v4_addresses),
          binary('\x21', '\x12', v4_addresses),
          binary('\x21', '\x11', v4_addresses.substr(1)),
          binary('\x21', '\x21', v4_addresses),
          binary('\x21', '\x31', std::string(215, 'a')),
          binary('\x21', '\x00', std::string(1009, 'a'))})
        BOOST_TEST(outcome_of(text) == "wrong", text);
}

BOOST_AUTO_TEST_CASE(a_part_of_one_waits_for_the_rest) {
    for (const std::string& whole :
         {"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"s, binary('\x21', '\x11', v4_addresses)})
        for (std::size_t size = 0; size < whole.size(); ++size)
            BOOST_TEST(outcome_of(whole.substr(0, size)) == "more", size);
}

BOOST_AUTO_TEST_CASE(what_has_to_hold_holds_for_the_corpus_and_its_neighbours) {
    BOOST_TEST(test::replay_corpus("proxy_header", &test::check_proxy_header) > 1000u);
}

BOOST_AUTO_TEST_SUITE_END()

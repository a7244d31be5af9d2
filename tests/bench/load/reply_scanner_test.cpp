// Replies are found in place, whole or not yet.
#include "bench/load/wire/reply_scanner.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace wxlogind::load;
using state = scanned_reply::state;

namespace {

const std::string login_reply =
    "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 19:00:00 GMT\r\nContent-Length: 13\r\nX-Request-Id: 1\r\n"
    "Content-Type: application/json\r\n\r\n{\"token\":\"x\"}";

} // namespace

BOOST_AUTO_TEST_SUITE(reply_scanner)

BOOST_AUTO_TEST_CASE(a_reply_is_whole_with_its_last_byte_and_not_before) {
    for (std::size_t size = 0; size < login_reply.size(); ++size)
        BOOST_TEST((scan_reply(std::string_view{login_reply}.substr(0, size)).is == state::incomplete));
    const scanned_reply reply = scan_reply(login_reply);
    BOOST_TEST((reply.is == state::whole));
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.size == login_reply.size());
    BOOST_TEST(reply.body == "{\"token\":\"x\"}");
    BOOST_TEST(!reply.closes);
}

BOOST_AUTO_TEST_CASE(surplus_bytes_are_not_part_of_it) {
    const std::string more = login_reply + "HTTP/1.1";
    const scanned_reply reply = scan_reply(more);
    BOOST_TEST((reply.is == state::whole));
    BOOST_TEST(reply.size == login_reply.size());
}

BOOST_AUTO_TEST_CASE(names_of_fields_have_no_case) {
    const scanned_reply reply =
        scan_reply("HTTP/1.1 401 Unauthorized\r\ncontent-LENGTH:2\r\nCONNECTION: Close\r\n\r\n{}");
    BOOST_TEST((reply.is == state::whole));
    BOOST_TEST(reply.status == 401u);
    BOOST_TEST(reply.closes);
    BOOST_TEST(reply.body == "{}");
}

BOOST_AUTO_TEST_CASE(a_204_has_no_body) {
    const scanned_reply reply = scan_reply("HTTP/1.1 204 No Content\r\nX: y\r\n\r\n");
    BOOST_TEST((reply.is == state::whole));
    BOOST_TEST(reply.body.empty());
}

BOOST_AUTO_TEST_CASE(interim_responses_are_passed_over) {
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
    BOOST_TEST((scan_reply(interim).is == state::incomplete));
    const std::string both = interim + login_reply;
    const scanned_reply reply = scan_reply(both);
    BOOST_TEST((reply.is == state::whole));
    BOOST_TEST(reply.status == 200u);
    BOOST_TEST(reply.size == interim.size() + login_reply.size());
    BOOST_TEST(reply.body == "{\"token\":\"x\"}");
}

BOOST_AUTO_TEST_CASE(http_1_0_closes) {
    BOOST_TEST(scan_reply("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n").closes);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_said_to_be_malformed) {
    for (const char* const bytes :
         {"SSH-2.0-OpenSSH", "HTTP/2", "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1\r\n\r\n"})
        BOOST_TEST((scan_reply(bytes).is == state::malformed), bytes);
}

BOOST_AUTO_TEST_CASE(a_text_member_is_found_wherever_it_stands) {
    BOOST_TEST(text_member(R"({"a":1,"code":"overloaded","x":2})", "\"code\"") == "overloaded");
    BOOST_TEST(text_member(R"({ "code" : "overloaded" })", "\"code\"") == "overloaded");
    for (const char* const none :
         {"", R"({"code":5})", R"({"code")", R"({"code":"cut)", R"({"other":"code"})"})
        BOOST_TEST(text_member(none, "\"code\"").empty(), none);
}

BOOST_AUTO_TEST_SUITE_END()

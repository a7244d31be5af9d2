#include "core/net/response_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace wxlogind::net;
using progress = wxlogind::net::response_reader::progress;

namespace {

struct outcome {
    progress last{progress::more};
    unsigned status{0};
    std::string body{};
    bool is_reusable{false};
};

// Feeds `bytes` in pieces of `step`.
outcome read(std::string_view bytes, std::size_t step = 1 << 20, bool ends = false) {
    wxlogind::net::response_reader reader{64 * 1024};
    outcome result;
    while (!bytes.empty() && result.last == progress::more) {
        result.last = reader.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
    }
    if (ends && result.last == progress::more) result.last = reader.finish();
    if (result.last == progress::whole) {
        result.status = reader.status();
        result.is_reusable = reader.is_reusable() && bytes.empty();
        result.body = reader.take_body();
    }
    return result;
}

void check_whole_however_split(std::string_view bytes, std::string_view body, bool is_reusable = true) {
    for (std::size_t step = 1; step <= bytes.size(); ++step) {
        const outcome got = read(bytes, step);
        BOOST_TEST_CONTEXT("in pieces of " << step) {
            BOOST_TEST_REQUIRE((got.last == progress::whole));
            BOOST_TEST(got.status == 200u);
            BOOST_TEST(got.body == body);
            BOOST_TEST(got.is_reusable == is_reusable);
        }
    }
}

bool is_malformed(std::string_view bytes) {
    return read(bytes).last == progress::malformed && read(bytes, 1).last == progress::malformed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_reader)

BOOST_AUTO_TEST_CASE(a_sized_response_is_whole_at_its_last_byte_however_it_is_split) {
    check_whole_however_split(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", "hello");
    check_whole_however_split("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "");
    check_whole_however_split(
        "HTTP/1.1 200 \r\ncontent-length: 2\r\nConnection: keep-alive, Close\r\n\r\nok", "ok", false);
    check_whole_however_split("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok", false);
}

BOOST_AUTO_TEST_CASE(a_chunked_response_is_whole_however_it_is_split) {
    check_whole_however_split("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "");
    check_whole_however_split(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA ;x=\"y\"\r\n, "
        "world!!!\r\n0;z\r\n"
        "Trailer: Content-Length: 9\r\n\r\n",
        "hello, world!!!");
}

BOOST_AUTO_TEST_CASE(the_end_of_an_empty_chunked_body_may_come_on_its_own) {
    // What the chunk parser of Boost 1.81 asserts on.
    wxlogind::net::response_reader reader{1024};
    BOOST_TEST((reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") == progress::more));
    BOOST_TEST((reader.feed("0\r\n") == progress::more));
    BOOST_TEST((reader.feed("\r\n") == progress::whole));
}

BOOST_AUTO_TEST_CASE(interim_responses_are_skipped_but_not_for_ever) {
    const std::string interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    check_whole_however_split(interim + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok");
    BOOST_TEST(is_malformed(interim + interim + interim));
    BOOST_TEST(is_malformed("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(statuses_without_a_body_end_with_their_header) {
    for (const char* const head :
         {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"}) {
        const outcome got = read(head);
        BOOST_TEST((got.last == progress::whole));
        BOOST_TEST(got.is_reusable);
    }
    BOOST_TEST(
        read("HTTP/1.1 301 Moved\r\nLocation: https://x/\r\nContent-Length: 0\r\n\r\n").status == 301u);
}

BOOST_AUTO_TEST_CASE(a_body_without_a_length_ends_with_the_connection_and_that_is_not_reused) {
    const outcome got = read("HTTP/1.1 200 OK\r\n\r\nto the end", 3, true);
    BOOST_TEST((got.last == progress::whole));
    BOOST_TEST(got.body == "to the end");
    BOOST_TEST(!got.is_reusable);
}

BOOST_AUTO_TEST_CASE(an_end_before_the_length_is_reached_is_malformed) {
    for (const char* const cut :
         {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Le",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n"})
        BOOST_TEST((read(cut, 1, true).last == progress::malformed));
    wxlogind::net::response_reader untouched{10};
    BOOST_TEST((untouched.finish() == progress::malformed));
}

BOOST_AUTO_TEST_CASE(bytes_after_the_response_forbid_reuse) {
    const std::string one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    wxlogind::net::response_reader reader{1024};
    BOOST_TEST((reader.feed(one + one) == progress::whole));
    BOOST_TEST(reader.take_body() == "ok");
    BOOST_TEST(!reader.is_reusable());
    reader.reset();
    BOOST_TEST((reader.feed(one) == progress::whole));
    BOOST_TEST(reader.is_reusable());
}

BOOST_AUTO_TEST_CASE(contradictions_and_foreign_codings_are_malformed) {
    for (const char* const bad : {
             "SSH-2.0-OpenSSH_9.2\r\n\r\n",
             "HTTP/2 200\r\n\r\n",
             "HTTP/1.1 2000 OK\r\n\r\n",
             "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
             "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
         })
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(is_malformed(bad));
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const char* const bad :
         {"\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x5\r\nhello\r\n", "5\nhello\r\n", "5\r\nhelloX\r\n", "5 x\n",
          "FFFFFFFFFFFFFFFFF\r\n", "FFFFFFFFFFFFFFFF\r\n", "5g\r\n"})
        BOOST_TEST_CONTEXT(bad) BOOST_TEST(is_malformed(chunked + bad));
}

BOOST_AUTO_TEST_CASE(everything_is_bounded) {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    const std::string most(64 * 1024, 'x');
    BOOST_TEST((read(head + "Content-Length: 65536\r\n\r\n" + most).last == progress::whole));
    BOOST_TEST(is_malformed(head + "Content-Length: 65537\r\n\r\n"));
    BOOST_TEST(is_malformed(head + "\r\n" + most + "x"));
    BOOST_TEST(is_malformed(chunked + "10000\r\n" + most + "\r\n1\r\nx"));
    BOOST_TEST(is_malformed(head + "X: " + std::string(100 * 1024, 'x') + "\r\n\r\n"));
    BOOST_TEST(is_malformed(head + std::string(100 * 1024, 'x')));
    std::string many = head;
    while (many.size() < 100 * 1024) many += "A: b\r\n";
    BOOST_TEST(is_malformed(many + "\r\n"));
    BOOST_TEST(is_malformed(chunked + "0\r\nX: " + std::string(70 * 1024, 'x') + "\r\n\r\n"));
    BOOST_TEST(is_malformed(chunked + "1;" + std::string(70 * 1024, 'x') + "\r\n"));
    std::string drops = chunked;
    for (int i = 0; i < 20'000; ++i) drops += "1\r\nx\r\n";
    BOOST_TEST(is_malformed(drops));
}

BOOST_AUTO_TEST_CASE(wanted_fields_are_kept_in_whatever_case_they_come_and_no_others) {
    constexpr std::array<std::string_view, 2> wanted{"X-One", "X-Two"};
    constexpr std::string_view bytes =
        "HTTP/1.1 103 Early Hints\r\nX-One: early\r\n\r\n"
        "HTTP/1.1 200 OK\r\nx-one: a b \r\nX-Other: c\r\nX-TWO: d\r\nX-Two: e\r\nContent-Length: 0\r\n\r\n";
    wxlogind::net::response_reader reader{1024};
    reader.reset(wanted);
    for (const char each : bytes.substr(0, bytes.size() - 1)) reader.feed({&each, 1});
    BOOST_TEST_REQUIRE((reader.feed("\n") == progress::whole));
    const auto fields = reader.take_fields();
    BOOST_TEST_REQUIRE(fields.size() == 3u);
    BOOST_TEST(fields[0].name == "X-One");
    BOOST_TEST(fields[0].value == "a b");
    BOOST_TEST(fields[1].value == "d");
    BOOST_TEST(fields[2].name == "X-Two");
    BOOST_TEST(fields[2].value == "e");
    reader.reset();
    BOOST_TEST((reader.feed("HTTP/1.1 200 OK\r\nX-One: a\r\nContent-Length: 0\r\n\r\n") == progress::whole));
    BOOST_TEST(reader.take_fields().empty());
}

BOOST_AUTO_TEST_SUITE_END()

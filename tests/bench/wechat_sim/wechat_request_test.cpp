#include "bench/wechat-sim/wire/request_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <cstring>

using namespace wxlogind::wechat_sim;

namespace {

void feed(request_reader& reader, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto room = reader.space();
        const std::size_t count = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), count);
        reader.filled(count);
        bytes.remove_prefix(count);
    }
}

read_state state_of(std::string_view bytes) {
    request_reader reader{4096};
    feed(reader, bytes);
    request ignored;
    return reader.look(ignored);
}

} // namespace

BOOST_AUTO_TEST_SUITE(wechat_request)

BOOST_AUTO_TEST_CASE(a_plain_get_is_read) {
    request_reader reader{4096};
    feed(reader, "GET /sns/jscode2session?appid=a&secret=b HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\n\r\n");
    request found;
    BOOST_TEST((reader.look(found) == read_state::has_request));
    BOOST_TEST(found.method == "GET");
    BOOST_TEST(found.path == "/sns/jscode2session");
    BOOST_TEST(found.query == "appid=a&secret=b");
    BOOST_TEST(found.keeps_alive);
    BOOST_TEST(found.body.empty());
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
    const std::string_view bytes = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
    request_reader reader{4096};
    request found;
    for (const char c : bytes.substr(0, bytes.size() - 1)) {
        feed(reader, std::string_view{&c, 1});
        BOOST_TEST_REQUIRE((reader.look(found) == read_state::needs_more));
    }
    feed(reader, bytes.substr(bytes.size() - 1));
    BOOST_TEST((reader.look(found) == read_state::has_request));
    BOOST_TEST(found.method == "POST");
    BOOST_TEST(found.path == "/a");
    BOOST_TEST(found.query == "b");
    BOOST_TEST(found.body == "body");
}

BOOST_AUTO_TEST_CASE(requests_that_come_together_are_read_one_after_the_other) {
    request_reader reader{4096};
    feed(reader, "GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\n\r\n");
    request found;
    BOOST_TEST((reader.look(found) == read_state::has_request));
    BOOST_TEST(found.path == "/one");
    reader.drop_request();
    BOOST_TEST((reader.look(found) == read_state::has_request));
    BOOST_TEST(found.path == "/two");
    reader.drop_request();
    BOOST_TEST((reader.look(found) == read_state::needs_more));
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_unless_the_client_says_otherwise) {
    const std::pair<std::string_view, bool> heads[] = {
        {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\nHost: x\r\nconnection: Close\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nHost: x\r\n\r\n", false},
    };
    for (const auto& [head, is_kept] : heads) {
        request_reader reader{4096};
        feed(reader, head);
        request found;
        BOOST_TEST((reader.look(found) == read_state::has_request));
        BOOST_TEST(found.keeps_alive == is_kept);
    }
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_told_apart) {
    BOOST_TEST(
        (state_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n") ==
         read_state::is_chunked));
}

BOOST_AUTO_TEST_CASE(what_is_too_long_or_not_http_is_refused) {
    BOOST_TEST((state_of("GET /" + std::string(4091, 'a')) == read_state::is_too_long));
    BOOST_TEST(
        (state_of("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n") == read_state::is_too_long));
    BOOST_TEST((state_of("hello\r\n\r\n") == read_state::is_broken));
    BOOST_TEST((state_of("GET / HTTP/1.1\r\nno colon\r\n\r\n") == read_state::is_broken));
    BOOST_TEST((state_of("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n") == read_state::is_broken));
}

BOOST_AUTO_TEST_CASE(query_parameters_are_found_and_decoded) {
    query_parameters query{"appid=wx1&js_code=the%20code+is&empty=&flag&broken=%2&appid=second&slash=%2Fx"};
    BOOST_TEST(query.text("appid") == "wx1");
    BOOST_TEST(query.text("js_code") == "the code is");
    BOOST_TEST(query.text("slash") == "/x");
    BOOST_TEST(query.text("js_code") == "the code is");
    BOOST_TEST(query.find("empty").has_value());
    BOOST_TEST(query.find("flag").has_value());
    BOOST_TEST(query.text("broken") == "%2");
    BOOST_TEST(!query.find("app").has_value());
    BOOST_TEST(!query.find("missing").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

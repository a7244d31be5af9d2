#include "core/net/http_reader.hpp"
#include "tests/net/request_vectors.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace wxlogind;
using namespace wxlogind::net;
using namespace wxlogind::test;
// The suite has the class's name.
using strict_reader = net::http_reader;
using reading = strict_reader::reading;

namespace {

const http_limits limits;

// What became of one message.
struct outcome {
    bool is_request = false;
    errc code{};
    std::size_t size = 0;
    std::string target;
    std::string body;
    std::size_t fields = 0;
    bool operator==(const outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const outcome& what) {
    if (what.is_request) return out << "request " << what.target << ", " << what.size << " bytes";
    return out << (what.code == errc{} ? "nothing" : to_string(what.code));
}

// Reads until there is an answer, and copies `bytes` for each step so that a view into an earlier copy shows.
class stepwise_reading {
public:
    // True when there is an answer.
    bool add(std::string_view more) {
        auto moved = std::make_unique<std::string>(*bytes_);
        moved->append(more);
        bytes_->assign(bytes_->size(), '#');
        bytes_ = std::move(moved);
        for (;;) {
            switch (reader_.read(*bytes_)) {
            case reading::needs_bytes: return false;
            case reading::owes_continue: ++continues; break;
            case reading::has_long_head:
            case reading::has_request: {
                const request& got = reader_.incoming();
                seen = {true,
                        errc{},
                        reader_.message_size(),
                        std::string{got.target},
                        std::string{got.body},
                        got.fields.size()};
                return true;
            }
            case reading::is_refused: seen.code = reader_.why().code; return true;
            }
        }
    }

    outcome seen;
    int continues = 0;

private:
    strict_reader reader_{limits};
    std::unique_ptr<std::string> bytes_ = std::make_unique<std::string>();
};

outcome read_whole(std::string_view bytes) {
    stepwise_reading reading;
    reading.add(bytes);
    return reading.seen;
}

outcome read_split_at(std::string_view bytes, std::size_t place) {
    stepwise_reading reading;
    if (!reading.add(bytes.substr(0, place))) reading.add(bytes.substr(place));
    return reading.seen;
}

outcome read_byte_by_byte(std::string_view bytes) {
    strict_reader reader{limits};
    for (std::size_t size = 1; size <= bytes.size(); ++size) {
        const std::string received{bytes.substr(0, size)};
        reading step = reader.read(received);
        if (step == reading::owes_continue) step = reader.read(received);
        if (step == reading::needs_bytes) continue;
        if (step == reading::is_refused) return {false, reader.why().code, 0, "", "", 0};
        const request& got = reader.incoming();
        return {true,
                errc{},
                reader.message_size(),
                std::string{got.target},
                std::string{got.body},
                got.fields.size()};
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_reader)

BOOST_AUTO_TEST_CASE(every_vector_is_accepted_or_refused_for_the_right_reason) {
    for (const request_vector& each : request_vectors()) BOOST_TEST_CONTEXT(each.name) {
            const outcome seen = read_whole(each.bytes);
            if (each.expected == errc{}) BOOST_TEST(seen.is_request);
            BOOST_TEST(to_string(seen.code) == to_string(each.expected));
        }
}

BOOST_AUTO_TEST_CASE(the_answer_is_the_same_wherever_the_bytes_are_split) {
    for (const request_vector& each : request_vectors()) BOOST_TEST_CONTEXT(each.name) {
            const outcome whole = read_whole(each.bytes);
            std::size_t different = 0;
            // The long ones at every place of their edges and some between: the cost is quadratic.
            const std::size_t stride = each.bytes.size() > 2000 ? 97 : 1;
            for (std::size_t place = 1; place < each.bytes.size(); place += stride)
                different += read_split_at(each.bytes, place) == whole ? 0 : 1;
            BOOST_TEST(different == 0u);
        }
}

BOOST_AUTO_TEST_CASE(the_answer_is_the_same_when_every_byte_comes_alone) {
    for (const request_vector& each : request_vectors()) {
        if (each.bytes.size() > 20000) continue;
        BOOST_TEST_CONTEXT(each.name) {
            BOOST_TEST(read_byte_by_byte(each.bytes) == read_whole(each.bytes));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_request_is_taken_apart) {
    const std::string bytes = "POST /login?a=b&c=d?e HTTP/1.1\r\nHost: h\r\nContent-Type: Application/JSON ; "
                              "charset=UTF-8\r\nX-One:  two words \t\r\nContent-Length: 4\r\n\r\nbody";
    strict_reader reader{limits};
    const std::string followed = bytes + "GET /";
    BOOST_TEST_REQUIRE((reader.read(followed) == reading::has_request));
    const request& got = reader.incoming();
    BOOST_TEST((got.verb == method::post));
    BOOST_TEST(got.target == "/login?a=b&c=d?e");
    BOOST_TEST(got.path == "/login");
    BOOST_TEST(got.query == "a=b&c=d?e");
    BOOST_TEST(got.content_type == "application/json");
    BOOST_TEST(got.body == "body");
    BOOST_TEST(got.fields.size() == 4u);
    BOOST_TEST(got.header("x-one").value_or("") == "two words");
    BOOST_TEST(reader.message_size() == bytes.size());
    BOOST_TEST(reader.keeps_alive());
}

BOOST_AUTO_TEST_CASE(requests_that_follow_each_other_are_read_one_by_one) {
    strict_reader reader{limits};
    std::string bytes;
    for (int i = 0; i < 5; ++i) bytes += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
    std::string_view rest = bytes;
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST_REQUIRE((reader.read(rest) == reading::has_request));
        BOOST_TEST(reader.incoming().path == "/" + std::to_string(i));
        rest.remove_prefix(reader.message_size());
        reader.next();
    }
    BOOST_TEST(rest.empty());
}

BOOST_AUTO_TEST_CASE(a_field_that_is_there_twice_has_no_value) {
    strict_reader reader{limits};
    const std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nX-B: 3\r\n\r\n";
    BOOST_TEST_REQUIRE((reader.read(bytes) == reading::has_request));
    const request& got = reader.incoming();
    BOOST_TEST(!got.header("X-A").has_value());
    BOOST_TEST(got.count("X-A") == 2u);
    BOOST_TEST(got.header("X-B").value_or("") == "3");
    BOOST_TEST(!got.header("X-C").has_value());
}

BOOST_AUTO_TEST_CASE(the_client_decides_whether_the_connection_lives) {
    const auto keeps_alive = [](std::string_view version, std::string_view field) {
        strict_reader reader{limits};
        const std::string bytes =
            "GET / " + std::string{version} + "\r\nHost: h\r\n" + std::string{field} + "\r\n";
        BOOST_TEST_REQUIRE((reader.read(bytes) == reading::has_request));
        return reader.keeps_alive();
    };
    BOOST_TEST(keeps_alive("HTTP/1.1", ""));
    BOOST_TEST(!keeps_alive("HTTP/1.1", "Connection: close\r\n"));
    BOOST_TEST(!keeps_alive("HTTP/1.1", "Connection: x, Close\r\n"));
    BOOST_TEST(!keeps_alive("HTTP/1.0", ""));
    BOOST_TEST(keeps_alive("HTTP/1.0", "Connection: Keep-Alive\r\n"));
}

BOOST_AUTO_TEST_CASE(one_hundred_continue_is_owed_once_and_only_while_the_body_is_held_back) {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
    stepwise_reading waits;
    BOOST_TEST(!waits.add(head));
    BOOST_TEST(waits.continues == 1);
    BOOST_TEST(!waits.add("a"));
    BOOST_TEST(waits.add("b"));
    BOOST_TEST(waits.continues == 1);
    BOOST_TEST(waits.seen.is_request);

    stepwise_reading does_not_wait;
    BOOST_TEST(!does_not_wait.add(head + "a"));
    BOOST_TEST(does_not_wait.add("b"));
    BOOST_TEST(does_not_wait.continues == 0);
}

BOOST_AUTO_TEST_CASE(a_body_that_is_too_large_is_refused_before_it_is_there) {
    BOOST_TEST(
        (read_whole("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 16385\r\n\r\n").code ==
         errc::content_too_large));
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_refused_stays_with_it) {
    strict_reader reader{limits};
    BOOST_TEST((reader.read("\n") == reading::is_refused));
    BOOST_TEST((reader.read("GET / HTTP/1.1\r\nHost: h\r\n\r\n") == reading::is_refused));
}

BOOST_AUTO_TEST_CASE(an_empty_line_alone_is_no_beginning) {
    strict_reader reader{limits};
    BOOST_TEST((reader.read("\r\n") == reading::needs_bytes));
    BOOST_TEST(!reader.has_begun());
    BOOST_TEST((reader.read("\r\nG") == reading::needs_bytes));
    BOOST_TEST(reader.has_begun());
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/net/rendering.hpp"

#include "core/net/request_ids.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace wxlogind;
using namespace wxlogind::net;

namespace {

const rendering plain{.date = "Sun, 06 Nov 1994 08:49:37 GMT", .request_id = "id"};

std::string rendered(const response& answer, const rendering& how = plain) {
    std::string out;
    render(answer, how, out);
    return out;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rendering)

BOOST_AUTO_TEST_CASE(an_answer_is_one_buffer) {
    response answer;
    answer.body = "{\"a\":1}";
    answer.no_store = true;
    answer.fields.emplace_back("Retry-After", "3");
    BOOST_TEST(
        rendered(answer) == "HTTP/1.1 200 OK\r\n"
                            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                            "Content-Length: 7\r\n"
                            "X-Request-Id: id\r\n"
                            "X-Content-Type-Options: nosniff\r\n"
                            "Content-Type: application/json\r\n"
                            "Cache-Control: no-store\r\n"
                            "Retry-After: 3\r\n"
                            "\r\n"
                            "{\"a\":1}");
}

BOOST_AUTO_TEST_CASE(an_empty_body_has_a_length_and_no_type) {
    const std::string text = rendered(response{});
    BOOST_TEST(holds(text, "Content-Length: 0\r\n"));
    BOOST_TEST(!holds(text, "\r\nContent-Type:"));
}

BOOST_AUTO_TEST_CASE(statuses_without_a_body_have_neither_body_nor_length) {
    for (const unsigned status : {204u, 304u}) {
        response answer;
        answer.status = status;
        answer.body = "dropped";
        const std::string text = rendered(answer);
        BOOST_TEST(!holds(text, "Content-Length"));
        BOOST_TEST(!holds(text, "\r\nContent-Type:"));
        BOOST_TEST(text.ends_with("\r\n\r\n"));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_the_fields_of_the_body_alone) {
    response answer;
    answer.body = "four";
    net::rendering how = plain;
    how.omits_body = true;
    const std::string text = rendered(answer, how);
    BOOST_TEST(holds(text, "Content-Length: 4\r\n"));
    BOOST_TEST(holds(text, "Content-Type: application/json\r\n"));
    BOOST_TEST(text.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(the_connection_field_says_what_the_version_does_not) {
    net::rendering how = plain;
    BOOST_TEST(!holds(rendered({}, how), "Connection"));
    how.is_http_1_0 = true;
    BOOST_TEST(holds(rendered({}, how), "Connection: keep-alive\r\n"));
    how.closes = true;
    BOOST_TEST(holds(rendered({}, how), "Connection: close\r\n"));
    BOOST_TEST(!holds(rendered({}, how), "keep-alive"));
}

BOOST_AUTO_TEST_CASE(a_value_cannot_end_its_line) {
    using namespace std::string_literals;
    for (const std::string& bad : {"a\r\nSet-Cookie: x"s, "a\nb"s, "a\rb"s, "a\0b"s, "\r\n\r\n<html>"s}) {
        response answer;
        answer.fields.emplace_back("X-Openid", bad);
        answer.fields.emplace_back("X-After", "good");
        const std::string text = rendered(answer);
        BOOST_TEST(!holds(text, "X-Openid"));
        BOOST_TEST(!holds(text, "Set-Cookie"));
        BOOST_TEST(holds(text, "X-After: good\r\n"));
    }
}

BOOST_AUTO_TEST_CASE(a_status_that_ends_nothing_becomes_500) {
    for (const unsigned status : {0u, 100u, 101u, 199u, 600u, 1000u}) {
        response answer;
        answer.status = status;
        BOOST_TEST(rendered(answer).starts_with("HTTP/1.1 500 Internal Server Error\r\n"));
    }
    response unnamed;
    unnamed.status = 299;
    BOOST_TEST(rendered(unnamed).starts_with("HTTP/1.1 299 \r\n"));
}

BOOST_AUTO_TEST_CASE(the_date_is_in_the_preferred_format_and_moves_with_the_second) {
    http_date date;
    BOOST_TEST(date.at(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(date.at(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(date.at(784111778) == "Sun, 06 Nov 1994 08:49:38 GMT");
    BOOST_TEST(date.at(1709210096) == "Thu, 29 Feb 2024 12:34:56 GMT");
    BOOST_TEST(date.at(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(request_ids_differ_from_each_other_and_from_those_of_other_reactors) {
    request_ids one{0};
    request_ids other{1};
    std::set<std::string> all;
    for (int i = 0; i < 1000; ++i)
        for (request_ids* const each : {&one, &other}) {
            request_ids::text id{};
            each->make(id);
            all.emplace(id.data(), id.size());
            BOOST_TEST(
                std::string(id.data(), id.size()).find_first_not_of("0123456789abcdef") == std::string::npos);
        }
    BOOST_TEST(all.size() == 2000u);
}

BOOST_AUTO_TEST_SUITE_END()

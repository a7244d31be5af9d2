#include "core/net/trace_context.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace wxlogind::net;

namespace {

const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string with(std::size_t at, std::string_view text) {
    return std::string{good}.replace(at, text.size(), text);
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_context)

BOOST_AUTO_TEST_CASE(the_example_of_the_standard_is_taken_apart) {
    const auto parent = parse_trace_parent(good);
    BOOST_TEST_REQUIRE(parent.has_value());
    BOOST_TEST(parent->trace_id == "4bf92f3577b34da6a3ce929d0e0e4736");
    BOOST_TEST(parent->span_id == "00f067aa0ba902b7");
    BOOST_TEST(parent->flags == "01");
}

BOOST_AUTO_TEST_CASE(whatever_the_standard_does_not_take_is_no_trace) {
    const std::string wrong[] = {
        "",
        "00",
        good.substr(0, 54),
        good + "0",
        good + "-",
        good + "-more", // version 00 has no more
        " " + good,
        with(0, "ff"), // the one version that never will be
        with(0, "0g"),
        with(0, "AA"),
        with(2, "_"),
        with(35, "0"),
        with(52, "0"),
        with(3, "4BF9"), // upper case
        with(3, std::string(32, '0')),
        with(36, std::string(16, '0')),
        with(36, "g"),
        with(53, "0x"),
        with(10, std::string(1, '\0')),
        with(10, "\n"),
    };
    for (const std::string& each : wrong) {
        BOOST_TEST_CONTEXT(each) {
            BOOST_TEST(!parse_trace_parent(each).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_later_version_is_read_as_far_as_it_is_known) {
    BOOST_TEST(parse_trace_parent(with(0, "01")).has_value());
    BOOST_TEST(parse_trace_parent(with(0, "cc") + "-what-the-future-will-be-like").has_value());
    BOOST_TEST(!parse_trace_parent(with(0, "cc") + ".what-the-future-will-not-be-like").has_value());
}

BOOST_AUTO_TEST_CASE(a_single_changed_byte_is_taken_only_when_it_is_another_digit) {
    unsigned taken = 0;
    for (std::size_t at = 0; at < good.size(); ++at)
        for (int byte = 0; byte < 256; ++byte) {
            const std::string changed = with(at, std::string(1, static_cast<char>(byte)));
            const auto parent = parse_trace_parent(changed);
            const bool is_hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
            if (!parent || changed == good) continue;
            BOOST_TEST(is_hex, "taken: " << changed);
            ++taken;
        }
    BOOST_TEST(taken > 0u);
}

BOOST_AUTO_TEST_CASE(an_answer_names_the_trace_and_our_own_part_of_it) {
    const auto text = make_trace_text(*parse_trace_parent(good), "0123456789abcdef");
    BOOST_TEST(
        std::string_view(text.data(), text.size()) ==
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0123456789abcdef-01");
    BOOST_TEST(trace_id_in(text) == "4bf92f3577b34da6a3ce929d0e0e4736");
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/base/log_line.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <random>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

constexpr unix_millis some_time =
    std::chrono::sys_days{std::chrono::year{2026} / 2 / 3} + 4h + 5min + 6s + 7ms;

std::string line_of(log_format format, std::string_view message, std::vector<log_field> fields = {}) {
    std::string line;
    append_log_line(line, format, log_level::info, some_time, message, fields);
    return line;
}

std::string text_value(std::string_view value) {
    const std::string line = line_of(log_format::text, "m", {{"v", value}});
    const std::string_view before = "2026-02-03T04:05:06.007Z info m v=";
    BOOST_TEST_REQUIRE(line.starts_with(before));
    BOOST_TEST_REQUIRE(line.ends_with('\n'));
    return line.substr(before.size(), line.size() - before.size() - 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_line)

BOOST_AUTO_TEST_CASE(a_text_line_has_time_level_message_and_fields) {
    BOOST_TEST(
        line_of(log_format::text, "server listens", {{"address", "127.0.0.1:8080"}, {"threads", "2"}}) ==
        "2026-02-03T04:05:06.007Z info server listens address=127.0.0.1:8080 threads=2\n");
}

BOOST_AUTO_TEST_CASE(a_json_line_is_one_object_of_strings) {
    BOOST_TEST(
        line_of(log_format::json, "server listens", {{"address", "127.0.0.1:8080"}}) ==
        R"({"time":"2026-02-03T04:05:06.007Z","level":"info","message":"server listens",)"
        R"("address":"127.0.0.1:8080"})"
        "\n");
}

BOOST_AUTO_TEST_CASE(logfmt_has_names_alone) {
    BOOST_TEST(
        line_of(log_format::logfmt, "server listens", {{"address", "127.0.0.1:8080"}, {"note", ""}}) ==
        "time=2026-02-03T04:05:06.007Z level=info message=\"server listens\" address=127.0.0.1:8080\n");
}

BOOST_AUTO_TEST_CASE(the_journals_fields_stay_on_their_lines) {
    const std::string foreign = "a=b\n\nPRIORITY=0\n";
    BOOST_TEST(
        line_of(log_format::journal, "request", {{"user_agent", foreign}}) ==
        "MESSAGE=request user_agent=\"a=b\\n\\nPRIORITY=0\\n\"\nPRIORITY=6\nSYSLOG_IDENTIFIER=wxlogind\n"
        "WXLOGIND_USER_AGENT=a=b\\n\\nPRIORITY=0\\n\n\n");
}

BOOST_AUTO_TEST_CASE(numbers_stand_without_quotes_and_empty_fields_are_left_out) {
    const std::vector<log_field> fields{{"status", "200", true}, {"problem", ""}, {"path", "/me"}};
    BOOST_TEST(
        line_of(log_format::json, "request", fields) ==
        R"({"time":"2026-02-03T04:05:06.007Z","level":"info","message":"request","status":200,"path":"/me"})"
        "\n");
    BOOST_TEST(
        line_of(log_format::text, "request", fields) ==
        "2026-02-03T04:05:06.007Z info request status=200 path=/me\n");
}

BOOST_AUTO_TEST_CASE(the_time_follows_the_clock_forth_and_back) {
    const auto time_of = [](unix_millis at) {
        std::string line;
        append_log_line(line, log_format::text, log_level::info, at, "m", {});
        return line.substr(0, 24);
    };
    BOOST_TEST(time_of(some_time) == "2026-02-03T04:05:06.007Z");
    BOOST_TEST(time_of(some_time + 992ms) == "2026-02-03T04:05:06.999Z");
    BOOST_TEST(time_of(some_time + 993ms) == "2026-02-03T04:05:07.000Z");
    BOOST_TEST(time_of(unix_millis{}) == "1970-01-01T00:00:00.000Z");
    BOOST_TEST(time_of(some_time + 25 * 24h) == "2026-02-28T04:05:06.007Z");
}

BOOST_AUTO_TEST_CASE(a_text_value_is_quoted_only_where_it_has_to_be) {
    BOOST_TEST(text_value("plain/value-1.2:3") == "plain/value-1.2:3");
    BOOST_TEST(text_value("two words") == "\"two words\"");
    BOOST_TEST(text_value("a=b") == "\"a=b\"");
    BOOST_TEST(text_value("say \"hi\"") == R"("say \"hi\"")");
    BOOST_TEST(text_value("back\\slash") == R"("back\\slash")");
}

BOOST_AUTO_TEST_CASE(what_acts_on_a_terminal_is_escaped) {
    BOOST_TEST(text_value("one\r\ntwo\tthree") == R"("one\r\ntwo\tthree")");
    BOOST_TEST(text_value("\x1b[31mred") == R"("\u001b[31mred")");
    BOOST_TEST(text_value(std::string_view{"\0", 1}) == R"("\u0000")");
    BOOST_TEST(text_value("\x7f") == R"("\u007f")");
    BOOST_TEST(text_value("\u009b31m") == R"("\u009b31m")");         // C1: CSI in one character
    BOOST_TEST(text_value("\u2028 \u202e") == R"("\u2028 \u202e")"); // a line end, and right-to-left
}

BOOST_AUTO_TEST_CASE(utf8_is_kept_and_what_is_not_utf8_is_shown_as_bytes) {
    BOOST_TEST(text_value("张三😀") == "\"张三😀\"");
    BOOST_TEST(text_value("\xff") == R"("\xff")");
    BOOST_TEST(text_value("\xe5\xbc") == R"("\xe5\xbc")");         // cut short
    BOOST_TEST(text_value("\xc0\xaf") == R"("\xc0\xaf")");         // overlong
    BOOST_TEST(text_value("\xe0\x80\xaf") == R"("\xe0\x80\xaf")"); // overlong
    BOOST_TEST(text_value("\xed\xa0\x80") == R"("\xed\xa0\x80")"); // surrogate
    BOOST_TEST(text_value("\xf4\x90\x80\x80") == R"("\xf4\x90\x80\x80")");
}

BOOST_AUTO_TEST_CASE(a_message_is_escaped_like_a_value) {
    BOOST_TEST(line_of(log_format::text, "a\nb") == "2026-02-03T04:05:06.007Z info a\\nb\n");
}

BOOST_AUTO_TEST_CASE(a_long_value_is_cut) {
    const std::string value(max_logged_value_bytes + 1, 'x');
    BOOST_TEST(text_value(value) == std::string(max_logged_value_bytes, 'x') + "...");
    BOOST_TEST(text_value(value.substr(1)) == value.substr(1));
}

BOOST_AUTO_TEST_CASE(any_bytes_at_all_give_one_line_of_valid_json) {
    std::mt19937 random{20261122};
    std::uniform_int_distribution<int> any_byte{0, 255};
    for (int round = 0; round < 2000; ++round) {
        std::string value;
        for (int i = 0; i < 24; ++i) value.push_back(static_cast<char>(any_byte(random)));
        const std::string line = line_of(log_format::json, value, {{"v", value}});
        BOOST_TEST_REQUIRE(line.find('\n') == line.size() - 1);
        boost::json::error_code why;
        const auto parsed = boost::json::parse(line.substr(0, line.size() - 1), why);
        BOOST_TEST_REQUIRE(!why);
        BOOST_TEST_REQUIRE(parsed.as_object().size() == 4u);
    }
}

BOOST_AUTO_TEST_CASE(json_gives_a_valid_value_back_unchanged) {
    const std::string value = "quote \" backslash \\ line\r\n tab\t esc\x1b 张三😀";
    const auto parsed = boost::json::parse(line_of(log_format::json, "m", {{"v", value}}));
    BOOST_TEST(std::string{parsed.at("v").as_string()} == value);
}

BOOST_AUTO_TEST_SUITE_END()

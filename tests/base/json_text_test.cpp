#include "core/base/json_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace std::string_view_literals;

namespace {

std::string written(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(plain_text_and_emoji_stand_as_they_are) {
    BOOST_TEST(written("") == R"("")");
    BOOST_TEST(written("张三 👩‍🚀 a/b") == R"("张三 👩‍🚀 a/b")");
}

BOOST_AUTO_TEST_CASE(quotes_backslashes_and_control_characters_are_escaped) {
    BOOST_TEST(written(R"(say "hi" \o/)") == R"("say \"hi\" \\o/")");
    BOOST_TEST(written("a\nb\rc\td\x1b\x7f\0z"sv) == R"("a\nb\rc\td\u001b\u007f\u0000z")");
}

BOOST_AUTO_TEST_SUITE_END()

#include "handlers/nickname.hpp"

#include "core/base/encoding.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using handlers::tidy_nickname;

BOOST_AUTO_TEST_SUITE(nickname)

BOOST_AUTO_TEST_CASE(what_people_call_themselves_is_kept_byte_by_byte) {
    for (const std::string_view name :
         {"Alice", "小明", "👩‍🚀 C", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم",
          "Ångström", "a+b c", "<script>", "'; DROP", "🇨🇳", "𝒵𝑜𝑒", "한글", "שלום abc"})
        BOOST_TEST(tidy_nickname(name).value() == name);
}

BOOST_AUTO_TEST_CASE(white_space_and_what_cannot_be_seen_is_cut_off_both_ends) {
    BOOST_TEST(tidy_nickname("  Alice B\u3000").value() == "Alice B");
    BOOST_TEST(tidy_nickname("\u00a0\u2003\u200e小明\u200d\u3164\u2800 ").value() == "小明");
    for (const std::string_view nothing : {"", " ", "\u3000\u00a0", "\u3164", "\u200b\ufeff", "\u200d\u200e"})
        BOOST_TEST(tidy_nickname(nothing).value() == "");
}

BOOST_AUTO_TEST_CASE(what_turns_the_line_around_or_makes_two_of_one_name_is_taken_out) {
    BOOST_TEST(tidy_nickname("ad\u200bmin").value() == "admin");
    BOOST_TEST(tidy_nickname("\u202egnp.exe\u202c").value() == "gnp.exe");
    BOOST_TEST(tidy_nickname("a\u2066b\u2069c\u00add\u2060e\ufefff").value() == "abcdef");
}

BOOST_AUTO_TEST_CASE(control_characters_are_refused_wherever_they_stand) {
    for (const std::string_view name :
         {"a\nb", "\tAlice", "Alice\r", "a\x7f", "a\u0085", "a\u009fb", "a\u2028b", "\u2029", "\x1b[31m"}) {
        const auto refused = tidy_nickname(name);
        BOOST_TEST_CONTEXT(hex_encode(name)) {
            BOOST_TEST_REQUIRE(!refused.has_value());
            BOOST_TEST((refused.error().code == errc::invalid_request));
            BOOST_TEST(refused.error().detail == "nickName: control characters");
        }
    }
    BOOST_TEST(!tidy_nickname(std::string_view{"a\0b", 3}).has_value());
}

BOOST_AUTO_TEST_CASE(a_tidy_name_is_not_tidied_again) {
    for (const std::string_view name :
         {"  \u202eAl\u200bice\u3000", "\u200e\u202d\u200eA", " \u200b \u200bB"}) {
        const std::string once = tidy_nickname(name).value();
        BOOST_TEST(tidy_nickname(once).value() == once);
    }
}

BOOST_AUTO_TEST_SUITE_END()

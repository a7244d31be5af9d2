#include "core/base/encoding.hpp"

#include "core/base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace wxlogind;
using namespace std::string_literals;
using namespace std::string_view_literals;

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(base64_has_the_vectors_of_rfc_4648) {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (const auto& [bytes, text] : vectors) {
        BOOST_TEST(base64_encode(bytes) == text);
        BOOST_TEST(base64_decode(text).value() == bytes);
        const std::string unpadded{text.substr(0, text.find('='))};
        BOOST_TEST(base64url_encode(bytes) == unpadded);
        BOOST_TEST(base64url_decode(unpadded).value() == bytes);
    }
}

BOOST_AUTO_TEST_CASE(the_two_alphabets_differ_in_two_digits) {
    const std::string bytes = "\xfb\xef\xff";
    BOOST_TEST(base64_encode(bytes) == "++//");
    BOOST_TEST(base64url_encode(bytes) == "--__");
    BOOST_TEST(!base64_decode("--__"));
    BOOST_TEST(!base64url_decode("++//"));
}

BOOST_AUTO_TEST_CASE(whatever_was_encoded_is_decoded_again) {
    for (std::size_t size = 0; size < 300; ++size) {
        const std::string bytes = random_bytes(size);
        BOOST_TEST((base64url_decode(base64url_encode(bytes)) == bytes));
        BOOST_TEST((base64_decode(base64_encode(bytes)) == bytes));
        BOOST_TEST((hex_decode(hex_encode(bytes)) == bytes));
        BOOST_TEST((percent_decode(percent_encode(bytes)) == bytes));
    }
}

BOOST_AUTO_TEST_CASE(every_text_that_base64_accepts_is_the_one_that_it_writes) {
    const std::string_view characters = "AQgw5_-+/= \n~\x80\0"sv;
    std::array<std::size_t, 4> pick{};
    std::size_t accepted = 0;
    for (std::size_t length = 1; length <= pick.size(); ++length) {
        pick.fill(0);
        while (pick[length - 1] < characters.size()) {
            std::string text;
            for (std::size_t i = 0; i < length; ++i) text.push_back(characters[pick[i]]);
            if (const auto bytes = base64_decode(text)) {
                ++accepted;
                BOOST_TEST(base64_encode(*bytes) == text);
            }
            if (const auto bytes = base64url_decode(text)) {
                ++accepted;
                BOOST_TEST(base64url_encode(*bytes) == text);
            }
            for (std::size_t i = 0; i < length; ++i) {
                if (++pick[i] < characters.size() || i + 1 == length) break;
                pick[i] = 0;
            }
        }
    }
    BOOST_TEST(accepted > 1000u);
}

BOOST_AUTO_TEST_CASE(base64url_refuses_what_is_not_canonical) {
    for (const auto text : {
             "A"sv,
             "AAAAA"sv, // no such length
             "Zg=="sv,
             "Zm8="sv, // padding
             "Zh"sv,
             "Zm9"sv,
             "Zv"sv, // unused bits
             "Zg\n"sv,
             " Zg"sv,
             "Z g"sv, // blanks
             "Zm9v\0"sv,
             "Zm\0v"sv,
             "Zm\x80v"sv,
             "Zm.v"sv,
         })
        BOOST_TEST(!base64url_decode(text), text);
}

BOOST_AUTO_TEST_CASE(base64_refuses_what_is_not_canonical) {
    for (const auto text :
         {"Zg"sv, "Zg="sv, "Zm9v===="sv, "===="sv, "=Zg="sv, "Z==="sv, "Zh=="sv, "Zm9="sv, "Zg==Zg=="sv,
          "Zm9v\n"sv, "Zm8=\n"sv})
        BOOST_TEST(!base64_decode(text), text);
}

BOOST_AUTO_TEST_CASE(decoding_into_a_buffer_needs_room_for_the_bytes) {
    std::array<char, 4> room{};
    BOOST_TEST(base64url_decode_into(room, "Zm9vYg").value() == 4u);
    BOOST_TEST((std::string_view{room.data(), 4} == "foob"));
    BOOST_TEST(!base64url_decode_into(std::span{room}.first(3), "Zm9vYg"));
    BOOST_TEST(!base64url_decode_into(room, "Zm9vY"));
}

BOOST_AUTO_TEST_CASE(appending_keeps_what_was_there) {
    std::string text = "x.";
    base64url_append(text, "foo");
    BOOST_TEST(text == "x.Zm9v");
}

BOOST_AUTO_TEST_CASE(hexadecimal_digits_are_read_in_both_cases_and_written_in_lower_case) {
    BOOST_TEST(hex_encode("\x00\x9a\xff"sv) == "009aff");
    BOOST_TEST((hex_decode("009AfF") == "\x00\x9a\xff"s));
    for (const auto text : {"0"sv, "0g"sv, "G0"sv, "0x"sv, " 0"sv, "0\0"sv, "@0"sv, "`0"sv, "/0"sv, ":0"sv})
        BOOST_TEST(!hex_decode(text), text);
}

BOOST_AUTO_TEST_CASE(well_formed_utf8_is_accepted_up_to_its_edges) {
    for (const auto text : {
             ""sv,
             "plain ascii, longer than eight"sv,
             "\0\x7f"sv,
             "微信用户"sv,
             "é"sv,
             "\xc2\x80"sv,
             "\xdf\xbf"sv, // U+0080, U+07FF
             "\xe0\xa0\x80"sv,
             "\xed\x9f\xbf"sv, // U+0800, U+D7FF
             "\xee\x80\x80"sv,
             "\xef\xbf\xbf"sv, // U+E000, U+FFFF
             "\xf0\x90\x80\x80"sv,
             "\xf4\x8f\xbf\xbf"sv, // U+10000, U+10FFFF
             "1234567\xf0\x9f\x98\x80 12345678"sv,
         })
        BOOST_TEST(is_utf8(text), text);
}

BOOST_AUTO_TEST_CASE(malformed_utf8_is_refused) {
    for (const auto text : {
             "\x80"sv,
             "\xbf"sv,
             "\xc2"sv,
             "\xe0\xa0"sv,
             "\xf0\x90\x80"sv, // stray or cut
             "\xc0\x80"sv,
             "\xc0\xaf"sv,
             "\xc1\xbf"sv, // overlong
             "\xe0\x80\x80"sv,
             "\xe0\x9f\xbf"sv,
             "\xf0\x80\x80\x80"sv,
             "\xf0\x8f\xbf\xbf"sv,
             "\xed\xa0\x80"sv,
             "\xed\xbf\xbf"sv,
             "\xed\xa0\xbd\xed\xb8\x80"sv, // surrogates
             "\xf4\x90\x80\x80"sv,
             "\xf5\x80\x80\x80"sv,
             "\xf8\x88\x80\x80\x80"sv, // past U+10FFFF
             "\xfe"sv,
             "\xff"sv,
             "\xc2\x41"sv,
             "\xe1\x80\xc0"sv,
             "\xf1\x80\x80\x41"sv,
             "\xc2\xc2\x80"sv,
             "12345678\x80"sv,
             "1234567\xc3"sv,
         })
        BOOST_TEST(!is_utf8(text), hex_encode(text));
}

BOOST_AUTO_TEST_CASE(utf8_is_judged_as_a_decoder_of_code_points_does) {
    // Every sequence of two bytes, and of three with a continuation byte last.
    for (unsigned first = 0; first < 256; ++first)
        for (unsigned second = 0; second < 256; ++second) {
            const std::string two{static_cast<char>(first), static_cast<char>(second)};
            const bool two_characters = first < 0x80 && second < 0x80;
            const bool one_character = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
            BOOST_REQUIRE(is_utf8(two) == (two_characters || one_character));

            const unsigned point = (first & 0xf) << 12 | (second & 0x3f) << 6;
            const bool three_well_formed = first >= 0xe0 && first <= 0xef && (second & 0xc0) == 0x80 &&
                                           point >= 0x800 && (point < 0xd800 || point > 0xdfff);
            const bool ascii_then_two = first < 0x80 && second >= 0xc2 && second <= 0xdf;
            BOOST_REQUIRE(is_utf8(two + '\x80') == (three_well_formed || ascii_then_two));
        }
}

BOOST_AUTO_TEST_CASE(characters_are_counted_not_bytes) {
    BOOST_TEST(count_characters("") == 0u);
    BOOST_TEST(count_characters("abc") == 3u);
    BOOST_TEST(count_characters("微信é😀") == 4u);
}

BOOST_AUTO_TEST_CASE(percent_decoding_undoes_triplets_and_nothing_else) {
    BOOST_TEST(percent_decode("a%2Bb+c%3d%00").value() == "a+b+c=\0"s);
    BOOST_TEST(percent_decode("%E5%BE%AE").value() == "微");
    BOOST_TEST(percent_decode("%2541").value() == "%41");
    BOOST_TEST(percent_decode("").value() == "");
    for (const auto text : {"%"sv, "%4"sv, "%4g"sv, "%G4"sv, "a%"sv, "%%41"sv, "% 1"sv, "%+1"sv})
        BOOST_TEST(!percent_decode(text), text);
}

BOOST_AUTO_TEST_CASE(percent_encoding_keeps_only_the_unreserved_characters) {
    BOOST_TEST(percent_encode("AZaz09-._~") == "AZaz09-._~");
    BOOST_TEST(percent_encode("a b+/=&微\xff\0"sv) == "a%20b%2B%2F%3D%26%E5%BE%AE%FF%00");
}

BOOST_AUTO_TEST_SUITE_END()

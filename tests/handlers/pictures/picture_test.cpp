#include "handlers/pictures/picture.hpp"

#include "tests/support/pictures.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::handlers;
using namespace wxlogind::test;

namespace {

// "image/png 3x2", "more" or "none".
std::string seen_in(std::string_view bytes) {
    const auto header = read_picture_header(bytes);
    if (!header) return header.error().code == errc::unsupported_media_type ? "none" : "another failure";
    if (!*header) return "more";
    return std::string{media_type_of((*header)->format)} + " " + std::to_string((*header)->width) + "x" +
           std::to_string((*header)->height);
}

std::string lossy(std::uint32_t width, std::uint32_t height) {
    return webp(
        "VP8 ",
        std::string{"\x50\x10\x00\x9d\x01\x2a", 6} + little_endian(width, 2) + little_endian(height, 2));
}
std::string lossless(std::uint32_t width, std::uint32_t height) {
    return webp("VP8L", "\x2f" + little_endian((width - 1) | (height - 1) << 14, 4));
}
std::string extended(std::uint32_t width, std::uint32_t height) {
    return webp("VP8X", std::string(4, '\x10') + little_endian(width - 1, 3) + little_endian(height - 1, 3));
}

} // namespace

BOOST_AUTO_TEST_SUITE(picture)

BOOST_AUTO_TEST_CASE(each_format_is_known_by_its_first_bytes_with_its_size) {
    BOOST_TEST(seen_in(png(132, 131)) == "image/png 132x131");
    BOOST_TEST(seen_in(jpeg(640, 480)) == "image/jpeg 640x480");
    BOOST_TEST(seen_in(jpeg(640, 480, 60'000)) == "image/jpeg 640x480");
    BOOST_TEST(seen_in(gif(12, 34)) == "image/gif 12x34");
    BOOST_TEST(seen_in(extended(5000, 16'000'000)) == "image/webp 5000x16000000");
    BOOST_TEST(seen_in(lossless(16384, 1)) == "image/webp 16384x1");
    BOOST_TEST(seen_in(lossy(0x4000 | 300, 200)) == "image/webp 300x200");
}

BOOST_AUTO_TEST_CASE(half_a_header_asks_for_more_and_never_for_something_else) {
    for (const std::string& whole :
         {png(3, 2), jpeg(3, 2, 500), gif(3, 2), lossy(3, 2), lossless(3, 2), extended(3, 2)}) {
        const std::string result = seen_in(whole);
        bool is_known = false;
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const std::string seen = seen_in(std::string_view{whole}.substr(0, size));
            BOOST_TEST((seen == (is_known ? result : "more") || (is_known = seen == result)));
        }
        BOOST_TEST(is_known);
    }
}

BOOST_AUTO_TEST_CASE(what_is_none_of_them_is_refused) {
    std::string no_frame{"\xff\xd8\xff\xda"};
    std::string bad_png = png(3, 2);
    bad_png[15] = 'X';
    for (const std::string& bytes :
         {std::string{"<svg xmlns="}, std::string{"<!DOCTYPE html>"}, std::string{"BM\x3a"},
          std::string{"PK\x03\x04"}, std::string(40, '\0'), no_frame + std::string(10, 'x'),
          std::string{"\xff\xd8\xff\xe0\x00\x01xx", 8}, std::string{"\xff\xd8\xff\xd9"},
          std::string{"GIF88a1234567"}, std::string{"GIF89b1234567"}, bad_png, webp("ICCP", "x"), png(0, 2),
          png(3, 0), png(0x80000000, 1), gif(0, 1), jpeg(1, 0), lossy(0, 4),
          std::string{"RIFF1234WAVE"} + std::string(30, 'x')})
        BOOST_TEST(seen_in(bytes) == "none");
}

BOOST_AUTO_TEST_SUITE_END()

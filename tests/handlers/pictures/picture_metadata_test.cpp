#include "handlers/pictures/picture_metadata.hpp"

#include "handlers/pictures/jpeg_direction.hpp"
#include "tests/support/pictures.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace wxlogind;
using namespace wxlogind::handlers;
using namespace wxlogind::test;
using namespace std::string_literals;

namespace {

// "" when it is refused.
std::string stripped(std::string picture) {
    const auto header = read_picture_header(picture);
    BOOST_TEST_REQUIRE((header && *header));
    const auto done = strip_metadata(picture, (*header)->format);
    if (!done) BOOST_TEST(done.error().detail == "avatar: the picture is cut off or damaged");
    return done ? picture : "";
}

std::string exif(std::uint32_t direction, bool is_little = true, std::string_view more = {}) {
    const auto number = [is_little](std::uint32_t of, int bytes) {
        return is_little ? little_endian(of, bytes) : big_endian(of, bytes);
    };
    std::string tiff = is_little ? "II\x2a\0"s : "MM\0\x2a"s;
    tiff += number(8, 4) + number(2, 2);
    tiff += number(0x010f, 2) + number(2, 2) + number(4, 4) + "abc\0"s;
    tiff += number(0x0112, 2) + number(3, 2) + number(1, 4) + number(direction, 2) + "\0\0"s;
    return "Exif\0\0"s + tiff + number(0, 4) + std::string{more};
}

std::string segment(char marker, std::string_view content) {
    return "\xff"s + marker + big_endian(static_cast<std::uint32_t>(content.size()) + 2, 2) +
           std::string{content};
}

// With segments before the frame's.
std::string jpeg_with(std::string_view segments) {
    std::string picture = jpeg(8, 8, 0);
    return picture.insert(2, segments);
}

std::string chunk(std::string_view name, std::string_view content) {
    return big_endian(static_cast<std::uint32_t>(content.size()), 4) + std::string{name} +
           std::string{content} + "crc!";
}

} // namespace

BOOST_AUTO_TEST_SUITE(picture_metadata)

BOOST_AUTO_TEST_CASE(a_picture_without_metadata_stays_as_it_is) {
    for (const std::string& picture :
         {png(8, 8), jpeg(8, 8, 0), gif(8, 8), webp("VP8L", "\x2f" + little_endian(7 | 7 << 14, 4))})
        BOOST_TEST(stripped(picture) == picture);
}

BOOST_AUTO_TEST_CASE(what_follows_a_picture_goes) {
    for (const std::string& picture :
         {png(8, 8), jpeg(8, 8, 0), gif(8, 8), webp("VP8L", "\x2f" + little_endian(7 | 7 << 14, 4))})
        BOOST_TEST(stripped(picture + "a film") == picture);
}

BOOST_AUTO_TEST_CASE(a_picture_that_is_cut_off_is_refused_wherever) {
    for (const std::string& picture :
         {png(8, 8), jpeg(8, 8, 0), gif(8, 8), webp("VP8L", "\x2f" + little_endian(7 | 7 << 14, 4))})
        for (std::size_t size = 1; size < picture.size(); ++size) {
            const auto header = read_picture_header(picture.substr(0, size));
            if (header && *header) BOOST_TEST(stripped(picture.substr(0, size)) == "", size);
        }
}

BOOST_AUTO_TEST_CASE(of_a_jpeg_what_is_drawn_with_stays) {
    const std::string plain = jpeg_with("");
    const std::string colours = segment('\xe0', "JFIF\0more"s) + segment('\xe2', "ICC_PROFILE\0\1\1p"s) +
                                segment('\xee', "Adobe\0d"s) + segment('\xdb', "tables");
    BOOST_TEST(stripped(jpeg_with(colours)) == jpeg_with(colours));
    const std::string said = segment('\xe0', "JFXX\0thumbnail"s) + segment('\xe1', exif(1)) +
                             segment('\xe1', "http://ns.adobe.com/xap/1.0/\0x"s) +
                             segment('\xe2', "MPF\0two pictures"s) + segment('\xed', "Photoshop 3.0\0"s) +
                             segment('\xfe', "comment") + segment('\xf0', "?") + "\xff\xff\xff\x01"s;
    BOOST_TEST(stripped(jpeg_with(said + colours)) == jpeg_with(colours));
    BOOST_TEST(stripped(plain) == plain);
}

BOOST_AUTO_TEST_CASE(between_the_scans_of_a_jpeg_nothing_is_said_either) {
    const std::string scan = segment('\xda', "scan") + "data\xff\0data\xff\xd3more"s;
    const std::string table = segment('\xc4', "dht");
    const std::string end{"\xff\xd9"};
    std::string start = jpeg_with("");
    start.resize(start.size() - 2);
    BOOST_TEST(
        stripped(start + segment('\xfe', "said") + table + scan + segment('\xe1', exif(1)) + scan + end) ==
        start + table + scan + scan + end);
}

BOOST_AUTO_TEST_CASE(a_jpeg_stays_the_right_way_up) {
    for (std::uint32_t direction = 1; direction <= 8; ++direction)
        for (const bool is_little : {true, false}) {
            BOOST_TEST(direction_in(exif(direction, is_little)) == direction);
            const std::string kept = direction == 1 ? "" : segment_of_direction(direction);
            BOOST_TEST(
                stripped(jpeg_with(segment('\xe1', exif(direction, is_little, "GPS")))) == jpeg_with(kept));
            BOOST_TEST(stripped(jpeg_with(kept)) == jpeg_with(kept));
        }
    BOOST_TEST(
        stripped(jpeg_with(segment('\xe1', exif(6)) + segment('\xe1', exif(3)))) ==
        jpeg_with(segment_of_direction(6)));
}

BOOST_AUTO_TEST_CASE(camera_data_that_make_no_sense_leave_a_jpeg_upright) {
    const std::string good = exif(6);
    for (std::size_t size = 0; size < good.size(); ++size)
        BOOST_TEST(direction_in(good.substr(0, size)) == 1u, size);
    BOOST_TEST(direction_in(exif(0)) == 1u);
    BOOST_TEST(direction_in(exif(9)) == 1u);
    std::string far = good;
    far.replace(10, 4, "\xff\xff\xff\xff");
    BOOST_TEST(direction_in(far) == 1u);
    far.replace(10, 4, "\xfe\xff\xff\x7f");
    BOOST_TEST(direction_in(far) == 1u);
}

BOOST_AUTO_TEST_CASE(of_a_png_what_is_drawn_with_stays) {
    const std::string plain = png(8, 8);
    const std::size_t behind_header = 33;
    const std::string drawn = chunk("gAMA", "1234") + chunk("tRNS", "x") + chunk("acTL", "12345678");
    const std::string said = chunk("eXIf", exif(6)) + chunk("tEXt", "Author\0me"s) + chunk("iTXt", "xmp") +
                             chunk("zTXt", "z") + chunk("tIME", "1234567") + chunk("prVt", "?");
    std::string picture = plain;
    picture.insert(behind_header, said + drawn + said);
    std::string expected = plain;
    expected.insert(behind_header, drawn);
    BOOST_TEST(stripped(picture) == expected);
}

BOOST_AUTO_TEST_CASE(of_a_webp_what_is_drawn_with_stays_and_the_sizes_and_flags_are_right) {
    const auto part = [](std::string_view name, const std::string& content) {
        std::string whole =
            std::string{name} + little_endian(static_cast<std::uint32_t>(content.size()), 4) + content;
        if (content.size() % 2 != 0) whole += '\0';
        return whole;
    };
    const auto riff = [](const std::string& parts) {
        return "RIFF" + little_endian(static_cast<std::uint32_t>(parts.size()) + 4, 4) + "WEBP" + parts;
    };
    const auto header = [&](char flags) { return part("VP8X", std::string{flags} + "\0\0\0\7\0\0\7\0\0"s); };
    const std::string pixels = part("ICCP", "icc") + part("VP8 ", "pixels");
    const std::string said = part("EXIF", exif(6)) + part("XMP ", "xmp") + part("who?", "x");
    BOOST_TEST(stripped(riff(header('\x3c') + pixels + said)) == riff(header('\x30') + pixels));
    BOOST_TEST(stripped(riff(header('\x30') + pixels) + said) == riff(header('\x30') + pixels));
}

BOOST_AUTO_TEST_CASE(of_a_gif_what_is_drawn_with_stays) {
    const std::string plain = gif(8, 8);
    const std::string drawn = "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00\x21\xf9\x04\x00\x00\x00\x00\x00"s;
    const std::string said = "\x21\xfe\x04said\x00\x21\xff\x0bXMP DataXMP\x03xmp\x00\x21\x01\x01t\x00"s;
    std::string picture = plain;
    picture.insert(13, said + drawn);
    std::string expected = plain;
    expected.insert(13, drawn);
    BOOST_TEST(stripped(picture) == expected);
    BOOST_TEST(stripped(plain.substr(0, 13) + "?" + plain.substr(13)) == "");
}

BOOST_AUTO_TEST_SUITE_END()

#include "handlers/pictures/jpeg_direction.hpp"

#include "handlers/pictures/picture_bytes.hpp"

namespace wxlogind::handlers {

namespace {

using std::string_view;
using namespace std::string_view_literals;

constexpr string_view exif_mark = "Exif\0\0"sv;
constexpr std::uint32_t tag_of_direction = 0x0112;
constexpr std::uint32_t type_short = 3;
constexpr std::size_t entry_bytes = 12;

} // namespace

// TIFF 6.0, section 2: a header, and the first directory where it says.
std::uint32_t direction_in(string_view exif) noexcept {
    constexpr std::uint32_t upright = 1;
    if (!exif.starts_with(exif_mark)) return upright;
    const string_view tiff = exif.substr(exif_mark.size());
    if (tiff.size() < 8) return upright;
    const bool is_little = tiff.starts_with("II\x2a\0"sv);
    if (!is_little && !tiff.starts_with("MM\0\x2a"sv)) return upright;
    const auto short_at = [&](std::size_t at) { return is_little ? little_16(tiff, at) : big_16(tiff, at); };
    const std::size_t directory = is_little ? little_32(tiff, 4) : big_32(tiff, 4);
    if (directory > tiff.size() - 2) return upright;
    const std::size_t entries = short_at(directory);
    for (std::size_t number = 0; number < entries; ++number) {
        const std::size_t at = directory + 2 + number * entry_bytes;
        // With room for where the next directory would be: segment_of_direction() has it.
        if (at + entry_bytes + 4 > tiff.size()) return upright;
        if (short_at(at) != tag_of_direction || short_at(at + 2) != type_short) continue;
        const std::uint32_t direction = short_at(at + 8);
        return direction >= 1 && direction <= 8 ? direction : upright;
    }
    return upright;
}

std::string segment_of_direction(std::uint32_t direction) {
    std::string segment{"\xff\xe1\0\x22"sv}; // 34 bytes from the length on
    segment += exif_mark;
    segment += "MM\0\x2a\0\0\0\x08\0\x01"sv;   // one entry
    segment += "\x01\x12\0\x03\0\0\0\x01\0"sv; // Orientation, one short
    segment += static_cast<char>(direction);
    segment += "\0\0\0\0\0\0"sv; // the value's padding; no further directory
    return segment;
}

} // namespace wxlogind::handlers

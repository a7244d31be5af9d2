#include "handlers/pictures/picture_metadata.hpp"

#include "handlers/pictures/jpeg_direction.hpp"
#include "handlers/pictures/picture_bytes.hpp"
#include "handlers/pictures/picture_parts.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace wxlogind::handlers {

namespace {

using std::string_view;
using namespace std::string_view_literals;

failure damaged() {
    return {errc::invalid_request, "avatar: the picture is cut off or damaged"};
}

template <std::size_t Count>
bool is_one_of(const std::array<string_view, Count>& names, string_view name) noexcept {
    return std::ranges::find(names, name) != names.end();
}

// PNG, third edition, section 5: chunks of length, name, content and CRC.
result<void> strip_png(picture_parts& parts) {
    // Beside the critical ones, whose names begin with a capital letter.
    static constexpr std::array kept{"tRNS"sv, "gAMA"sv, "cHRM"sv, "sRGB"sv, "iCCP"sv, "sBIT"sv,
                                     "bKGD"sv, "pHYs"sv, "cICP"sv, "acTL"sv, "fcTL"sv, "fdAT"sv};
    constexpr std::size_t around = 12; // length, name and CRC
    parts.keep(8);
    for (;;) {
        const string_view rest = parts.rest();
        if (rest.size() < around || big_32(rest, 0) > rest.size() - around) return damaged();
        const std::size_t whole = around + big_32(rest, 0);
        const string_view name = rest.substr(4, 4);
        const bool is_critical = name[0] >= 'A' && name[0] <= 'Z';
        if (is_critical || is_one_of(kept, name))
            parts.keep(whole);
        else
            parts.drop(whole);
        if (name == "IEND") return {};
    }
}

// Colours as the profile has them, and whether three components are YCbCr.
bool draws_pixels(std::uint32_t marker, string_view content) noexcept {
    if (marker == 0xe0) return content.starts_with("JFIF\0"sv);
    if (marker == 0xe2) return content.starts_with("ICC_PROFILE\0"sv);
    if (marker == 0xee) return content.starts_with("Adobe"sv);
    return marker >= 0xc0 && marker < 0xe0;
}

// The entropy-coded data behind a scan's header: up to the next marker that is none of its own.
std::size_t size_of_scan(string_view rest) noexcept {
    std::size_t at = 0;
    for (;;) {
        at = rest.find('\xff', at);
        if (at == string_view::npos || at + 1 == rest.size()) return rest.size();
        const std::uint32_t marker = byte_at(rest, at + 1);
        if (marker != 0x00 && (marker < 0xd0 || marker > 0xd7) && marker != 0xff) return at;
        at += marker == 0xff ? 1 : 2;
    }
}

// ITU-T T.81, annex B.
result<void> strip_jpeg(picture_parts& parts) {
    parts.keep(2);
    bool has_direction = false;
    for (;;) {
        const string_view rest = parts.rest();
        if (rest.size() < 2 || rest[0] != '\xff') return damaged();
        const std::uint32_t marker = byte_at(rest, 1);
        if (marker == 0xff) { // fill bytes
            parts.drop(1);
            continue;
        }
        if (marker == 0xd9) {
            parts.keep(2);
            return {};
        }
        if (marker == 0x00 || marker == 0xd8) return damaged();
        if (marker == 0x01 ||
            (marker >= 0xd0 && marker <= 0xd7)) { // stands alone, and outside of a scan for nothing
            parts.drop(2);
            continue;
        }
        if (rest.size() < 4 || big_16(rest, 2) < 2 || big_16(rest, 2) + 2u > rest.size()) return damaged();
        const std::size_t whole = big_16(rest, 2) + 2u;
        const string_view content = rest.substr(4, whole - 4);
        const std::uint32_t direction = marker == 0xe1 && !has_direction ? direction_in(content) : 1;
        if (direction != 1) {
            // Room for an Orientation is room for the segment that has nothing else.
            has_direction = true;
            const std::string upright = segment_of_direction(direction);
            parts.drop(whole);
            parts.write(upright);
        } else if (draws_pixels(marker, content)) {
            parts.keep(whole);
        } else {
            parts.drop(whole);
        }
        if (marker == 0xda) parts.keep(size_of_scan(parts.rest()));
    }
}

void write_little_32(std::string& picture, std::size_t at, std::size_t number) noexcept {
    for (std::size_t byte = 0; byte < 4; ++byte)
        picture[at + byte] = static_cast<char>(number >> 8 * byte & 0xff);
}

// RFC 9649, section 2: chunks of name, length and content, to an even size.
result<void> strip_webp(picture_parts& parts, std::string& picture) {
    static constexpr std::array kept{"VP8 "sv, "VP8L"sv, "VP8X"sv, "ALPH"sv, "ANIM"sv, "ANMF"sv, "ICCP"sv};
    constexpr char exif_and_xmp = 0x0c; // flags of VP8X
    const std::size_t end = 8 + std::size_t{little_32(picture, 4)};
    if (end > picture.size()) return damaged();
    picture.resize(end);
    parts.keep(12);
    while (!parts.rest().empty()) {
        const string_view rest = parts.rest();
        if (rest.size() < 8) return damaged();
        const std::size_t whole = 8 + std::size_t{little_32(rest, 4)} + (little_32(rest, 4) & 1);
        if (whole > rest.size()) return damaged();
        const string_view name = rest.substr(0, 4);
        const std::size_t flags = parts.kept() + 8;
        const bool has_flags = name == "VP8X" && whole > 8;
        if (is_one_of(kept, name))
            parts.keep(whole);
        else
            parts.drop(whole);
        if (has_flags) picture[flags] = static_cast<char>(picture[flags] & ~exif_and_xmp);
    }
    write_little_32(picture, 4, parts.kept() - 8);
    return {};
}

// The sub-blocks at the start of `rest`, with the empty one at their end; 0 when there is no end.
std::size_t size_of_sub_blocks(string_view rest) noexcept {
    std::size_t at = 0;
    while (at < rest.size()) {
        const std::size_t size = byte_at(rest, at);
        at += 1 + size;
        if (size == 0) return at;
    }
    return 0;
}

std::size_t size_of_colours(std::uint32_t flags) noexcept {
    return (flags & 0x80) != 0 ? std::size_t{3} << ((flags & 7) + 1) : 0;
}

// GIF89a, sections 17 to 27.
result<void> strip_gif(picture_parts& parts) {
    constexpr std::size_t header = 13;
    if (parts.rest().size() < header) return damaged();
    const std::size_t first = header + size_of_colours(byte_at(parts.rest(), 10));
    if (first > parts.rest().size()) return damaged();
    parts.keep(first);
    for (;;) {
        const string_view rest = parts.rest();
        if (rest.empty()) return damaged();
        if (rest[0] == '\x3b') {
            parts.keep(1);
            return {};
        }
        const bool is_image = rest[0] == '\x2c' && rest.size() > 10;
        if (!is_image && (rest[0] != '\x21' || rest.size() < 3)) return damaged();
        const std::size_t before = is_image ? 11 + size_of_colours(byte_at(rest, 9)) : 2;
        if (before > rest.size()) return damaged();
        const std::size_t blocks = size_of_sub_blocks(rest.substr(before));
        if (blocks == 0) return damaged();
        // Of the extensions: how a frame is shown, and how often the animation is.
        const bool is_drawn =
            is_image || rest[1] == '\xf9' || (rest[1] == '\xff' && rest.substr(3).starts_with("NETSCAPE2.0"));
        if (is_drawn)
            parts.keep(before + blocks);
        else
            parts.drop(before + blocks);
    }
}

} // namespace

result<void> strip_metadata(std::string& picture, picture_format format) {
    picture_parts parts{picture};
    const auto stripped = [&]() -> result<void> {
        switch (format) {
        case picture_format::png: return strip_png(parts);
        case picture_format::jpeg: return strip_jpeg(parts);
        case picture_format::webp: return strip_webp(parts, picture);
        case picture_format::gif: return strip_gif(parts);
        }
        return damaged();
    }();
    if (stripped) parts.finish();
    return stripped;
}

} // namespace wxlogind::handlers

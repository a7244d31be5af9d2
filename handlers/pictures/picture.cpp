#include "handlers/pictures/picture.hpp"

#include "handlers/pictures/picture_bytes.hpp"

#include <algorithm>

namespace wxlogind::handlers {

namespace {

using std::string_view;
using namespace std::string_view_literals;
using reading = result<std::optional<picture_header>>;

failure no_picture() {
    return {errc::unsupported_media_type, "avatar: neither a PNG, JPEG, WebP nor GIF picture"};
}

reading more() {
    return std::optional<picture_header>{};
}

reading found(picture_format format, std::uint32_t width, std::uint32_t height) {
    if (width == 0 || height == 0) return no_picture();
    return std::optional{picture_header{format, width, height}};
}

// PNG, third edition, section 11.2.1: IHDR comes first, and is 13 bytes long.
reading read_png(string_view bytes) {
    if (bytes.size() < 24) return more();
    if (bytes.substr(8, 8) != "\0\0\0\x0dIHDR"sv) return no_picture();
    constexpr std::uint32_t most = 0x7fffffff;
    const std::uint32_t width = big_32(bytes, 16);
    const std::uint32_t height = big_32(bytes, 20);
    if (width > most || height > most) return no_picture();
    return found(picture_format::png, width, height);
}

// GIF89a, section 18: the logical screen.
reading read_gif(string_view bytes) {
    if (bytes.size() < 10) return more();
    if (bytes[4] != '7' && bytes[4] != '9') return no_picture();
    if (bytes[5] != 'a') return no_picture();
    return found(picture_format::gif, little_16(bytes, 6), little_16(bytes, 8));
}

// RFC 9649: a lossy frame, a lossless one, or the extended header.
reading read_webp(string_view bytes) {
    if (bytes.size() < 30) return more();
    if (bytes.substr(8, 4) != "WEBP") return no_picture();
    const string_view chunk = bytes.substr(12, 4);
    if (chunk == "VP8X")
        return found(picture_format::webp, little_24(bytes, 24) + 1, little_24(bytes, 27) + 1);
    if (chunk == "VP8L" && bytes[20] == 0x2f) {
        const std::uint32_t sizes = little_16(bytes, 21) | little_16(bytes, 23) << 16;
        return found(picture_format::webp, (sizes & 0x3fff) + 1, (sizes >> 14 & 0x3fff) + 1);
    }
    if (chunk == "VP8 " && bytes.substr(23, 3) == "\x9d\x01\x2a"sv)
        return found(picture_format::webp, little_16(bytes, 26) & 0x3fff, little_16(bytes, 28) & 0x3fff);
    return no_picture();
}

bool is_start_of_frame(std::uint32_t marker) noexcept {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}
bool stands_alone(std::uint32_t marker) noexcept {
    return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

// ITU-T T.81, annex B: segments with a length each, up to the frame's. A camera's own data come before it.
reading read_jpeg(string_view bytes) {
    std::size_t at = 2;
    for (;;) {
        if (at + 2 > bytes.size()) return more();
        if (byte_at(bytes, at) != 0xff) return no_picture();
        const std::uint32_t marker = byte_at(bytes, at + 1);
        if (marker == 0xff) {
            ++at;
            continue;
        }
        if (stands_alone(marker)) {
            at += 2;
            continue;
        }
        // Nothing, the beginning or the end of an image, or its pixels before its size.
        if (marker == 0x00 || marker == 0xd8 || marker == 0xd9 || marker == 0xda) return no_picture();
        if (at + 4 > bytes.size()) return more();
        const std::uint32_t length = big_16(bytes, at + 2);
        if (length < 2) return no_picture();
        if (is_start_of_frame(marker)) {
            if (length < 8) return no_picture();
            if (at + 9 > bytes.size()) return more();
            return found(picture_format::jpeg, big_16(bytes, at + 7), big_16(bytes, at + 5));
        }
        at += 2 + length;
    }
}

struct known_beginning {
    string_view bytes;
    reading (*read)(string_view);
};

constexpr known_beginning beginnings[] = {
    {"\x89PNG\r\n\x1a\n"sv, &read_png},
    {"\xff\xd8\xff"sv, &read_jpeg},
    {"RIFF"sv, &read_webp},
    {"GIF8"sv, &read_gif},
};

} // namespace

string_view media_type_of(picture_format format) noexcept {
    switch (format) {
    case picture_format::png: return "image/png";
    case picture_format::jpeg: return "image/jpeg";
    case picture_format::webp: return "image/webp";
    case picture_format::gif: return "image/gif";
    }
    return "application/octet-stream";
}

reading read_picture_header(string_view bytes) {
    for (const known_beginning& each : beginnings) {
        const std::size_t common = std::min(bytes.size(), each.bytes.size());
        if (bytes.substr(0, common) != each.bytes.substr(0, common)) continue;
        return common == each.bytes.size() ? each.read(bytes) : more();
    }
    return no_picture();
}

} // namespace wxlogind::handlers

// Small pictures, and what wx.uploadFile makes of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind::test {

inline std::string big_endian(std::uint32_t number, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> 8 * i & 0xff);
    return text;
}

inline std::string little_endian(std::uint32_t number, int bytes) {
    const std::string text = big_endian(number, bytes);
    return {text.rbegin(), text.rend()};
}

// A header, one chunk of noise for pixels, and the end: `size` bytes altogether, at least 57.
inline std::string png(std::uint32_t width, std::uint32_t height, std::size_t size = 64) {
    std::string picture{"\x89PNG\r\n\x1a\n"};
    picture += big_endian(13, 4) + "IHDR" + big_endian(width, 4) + big_endian(height, 4);
    picture += std::string{"\x08\x06\0\0\0", 5} + "crc!";
    const std::size_t noise = std::max(size, picture.size() + 24) - picture.size() - 24;
    picture += big_endian(static_cast<std::uint32_t>(noise), 4) + "IDAT";
    for (std::size_t i = 0; i < noise; ++i) picture += static_cast<char>(i * 31 + i / 256);
    return picture + "crc!" + big_endian(0, 4) + "IENDcrc!";
}

// With `before` bytes of a table before the size.
inline std::string jpeg(std::uint32_t width, std::uint32_t height, std::uint32_t before = 14) {
    std::string picture{"\xff\xd8"};
    picture += "\xff\xc4" + big_endian(5, 2) + "dht";
    if (before != 0) picture += "\xff\xdb" + big_endian(before + 2, 2) + std::string(before, 'e');
    picture += "\xff\xc2" + big_endian(17, 2) + "\x08" + big_endian(height, 2) + big_endian(width, 2);
    picture += "\x03components"; // ten bytes
    return picture + "\xff\xda" + big_endian(6, 2) + "scan" + "pixels\xff\xd9";
}

inline std::string gif(std::uint32_t width, std::uint32_t height) {
    const std::string size = little_endian(width, 2) + little_endian(height, 2);
    const std::string nothing(3, '\0');
    return "GIF89a" + size + nothing + "," + little_endian(0, 4) + size + std::string{"\0\2\6pixels\0;", 11};
}

// One chunk, filled up to 40 bytes.
inline std::string webp(std::string_view chunk, std::string_view content) {
    std::string picture{"RIFF"};
    picture += little_endian(52, 4) + "WEBP";
    picture += chunk;
    picture += little_endian(40, 4);
    picture += content;
    picture.resize(60, 'x');
    return picture;
}

inline constexpr std::string_view upload_boundary{"----wxBoundary7MA4YWxk"};

inline std::string form_part(std::string_view name, std::string_view content, std::string_view more = {}) {
    std::string part{"--"};
    part += upload_boundary;
    part += "\r\nContent-Disposition: form-data; name=\"";
    part += name;
    part += '"';
    part += more;
    part += "\r\n\r\n";
    part += content;
    return part + "\r\n";
}

inline std::string form_end() {
    return "--" + std::string{upload_boundary} + "--\r\n";
}

// A form with nothing but the picture.
inline std::string upload_of(std::string_view picture, std::string_view name = "avatar") {
    return form_part(name, picture, "; filename=\"Ab3xY9.png\"\r\nContent-Type: image/png") + form_end();
}

} // namespace wxlogind::test

#include "core/base/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace wxlogind {

namespace {

using byte_table = std::array<std::uint8_t, 256>;

// Above every value of a digit, so that one comparison of digits or-ed together finds a foreign character.
constexpr std::uint8_t foreign = 0xff;

constexpr byte_table values_of(std::string_view alphabet) {
    byte_table values{};
    values.fill(foreign);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view upper_hex_digits = "0123456789ABCDEF";

constexpr byte_table url_values = values_of(url_alphabet);
constexpr byte_table plain_values = values_of(plain_alphabet);
constexpr byte_table hex_values = [] {
    byte_table values = values_of(upper_hex_digits);
    for (std::size_t i = 10; i < 16; ++i)
        values[static_cast<unsigned char>(hex_digits[i])] = static_cast<std::uint8_t>(i);
    return values;
}();

constexpr unsigned at(std::string_view bytes, std::size_t position) {
    // Through the pointer: the hardened operator[] costs a third of the time in these loops, all of which
    // have checked their bounds.
    return static_cast<unsigned char>(bytes.data()[position]);
}

// Writes the digits of `bytes`, without padding.
void encode_64(char* to, std::string_view bytes, std::string_view alphabet) {
    const char* const digits = alphabet.data();
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        const unsigned group = at(bytes, i) << 16 | at(bytes, i + 1) << 8 | at(bytes, i + 2);
        *to++ = digits[group >> 18];
        *to++ = digits[group >> 12 & 63];
        *to++ = digits[group >> 6 & 63];
        *to++ = digits[group & 63];
    }
    if (bytes.size() - i == 1) {
        const unsigned group = at(bytes, i);
        *to++ = digits[group >> 2];
        *to++ = digits[group << 4 & 63];
    } else if (bytes.size() - i == 2) {
        const unsigned group = at(bytes, i) << 8 | at(bytes, i + 1);
        *to++ = digits[group >> 10];
        *to++ = digits[group >> 4 & 63];
        *to++ = digits[group << 2 & 63];
    }
}

constexpr std::size_t digits_64(std::size_t bytes) {
    return bytes / 3 * 4 + (bytes % 3 == 0 ? 0 : bytes % 3 + 1);
}

constexpr std::size_t bytes_64(std::size_t digits) {
    return digits / 4 * 3 + (digits % 4 == 0 ? 0 : digits % 4 - 1);
}

// `to` has room for bytes_64(text.size()) bytes; text.size() % 4 is not 1.
bool decode_64(char* to, std::string_view text, const byte_table& values) {
    std::size_t i = 0;
    unsigned seen = 0;
    for (; i + 4 <= text.size(); i += 4) {
        const unsigned a = values[at(text, i)];
        const unsigned b = values[at(text, i + 1)];
        const unsigned c = values[at(text, i + 2)];
        const unsigned d = values[at(text, i + 3)];
        seen |= a | b | c | d;
        const unsigned group = a << 18 | b << 12 | c << 6 | d;
        *to++ = static_cast<char>(group >> 16);
        *to++ = static_cast<char>(group >> 8);
        *to++ = static_cast<char>(group);
    }
    unsigned unused = 0;
    if (text.size() - i == 2) {
        const unsigned a = values[at(text, i)];
        const unsigned b = values[at(text, i + 1)];
        seen |= a | b;
        unused = b & 15;
        *to++ = static_cast<char>(a << 2 | b >> 4);
    } else if (text.size() - i == 3) {
        const unsigned a = values[at(text, i)];
        const unsigned b = values[at(text, i + 1)];
        const unsigned c = values[at(text, i + 2)];
        seen |= a | b | c;
        unused = c & 3;
        const unsigned group = a << 10 | b << 4 | c >> 2;
        *to++ = static_cast<char>(group >> 8);
        *to++ = static_cast<char>(group);
    }
    return seen < 64 && unused == 0;
}

// RFC 3986 section 2.3.
constexpr byte_table unreserved_values =
    values_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

bool is_unreserved(char c) {
    return unreserved_values[static_cast<unsigned char>(c)] != foreign;
}

// How many bytes the well-formed sequence at the start of `text` has; 0 when there is none. RFC 3629
// section 4. Not for ASCII.
std::size_t sequence_length(std::string_view text) noexcept {
    const unsigned lead = at(text, 0);
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size() < length) return 0;
    // The second byte's range excludes overlong forms, surrogates and what lies past U+10FFFF.
    const unsigned lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (at(text, 1) < lowest || at(text, 1) > highest) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((at(text, i) & 0xc0) != 0x80) return 0;
    return length;
}

// Eight characters at once, as most text is.
bool starts_with_eight_ascii(std::string_view text) noexcept {
    if (text.size() < 8) return false;
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), sizeof eight);
    return (eight & 0x8080808080808080u) == 0;
}

} // namespace

void base64url_append(std::string& to, std::string_view bytes) {
    const std::size_t before = to.size();
    to.resize(before + digits_64(bytes.size()));
    encode_64(to.data() + before, bytes, url_alphabet);
}

std::string base64url_encode(std::string_view bytes) {
    std::string text;
    base64url_append(text, bytes);
    return text;
}

std::optional<std::size_t> base64url_decode_into(std::span<char> to, std::string_view text) noexcept {
    const std::size_t size = bytes_64(text.size());
    if (text.size() % 4 == 1 || to.size() < size || !decode_64(to.data(), text, url_values))
        return std::nullopt;
    return size;
}

std::optional<std::string> base64url_decode(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::optional<std::string> bytes{std::in_place, bytes_64(text.size()), '\0'};
    if (!decode_64(bytes->data(), text, url_values)) bytes.reset();
    return bytes;
}

std::string base64_encode(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4, '=');
    encode_64(text.data(), bytes, plain_alphabet);
    return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::optional<std::string> bytes{std::in_place, bytes_64(text.size()), '\0'};
    if (!decode_64(bytes->data(), text, plain_values)) bytes.reset();
    return bytes;
}

std::string hex_encode(std::string_view bytes) {
    std::string text(bytes.size() * 2, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text[2 * i] = hex_digits[at(bytes, i) >> 4];
        text[2 * i + 1] = hex_digits[at(bytes, i) & 15];
    }
    return text;
}

std::optional<std::string> hex_decode(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::optional<std::string> bytes{std::in_place, text.size() / 2, '\0'};
    unsigned seen = 0;
    for (std::size_t i = 0; i < bytes->size(); ++i) {
        const unsigned high = hex_values[at(text, 2 * i)];
        const unsigned low = hex_values[at(text, 2 * i + 1)];
        seen |= high | low;
        (*bytes)[i] = static_cast<char>(high << 4 | low);
    }
    if (seen > 15) bytes.reset();
    return bytes;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        std::size_t length = 1;
        if (starts_with_eight_ascii(text))
            length = 8;
        else if (at(text, 0) >= 0x80)
            length = sequence_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::size_t count_characters(std::string_view utf8) noexcept {
    const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), starts_character));
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::optional<std::string> decoded{std::in_place};
    decoded->reserve(text.size());
    while (true) {
        const std::size_t plain = std::min(text.find('%'), text.size());
        decoded->append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) return decoded;
        if (text.size() < 3) return std::nullopt;
        const unsigned high = hex_values[at(text, 1)];
        const unsigned low = hex_values[at(text, 2)];
        if ((high | low) > 15) return std::nullopt;
        decoded->push_back(static_cast<char>(high << 4 | low));
        text.remove_prefix(3);
    }
}

std::string percent_encode(std::string_view text) {
    std::string encoded;
    encoded.reserve(text.size() + text.size() / 2);
    percent_encode_append(encoded, text);
    return encoded;
}

void percent_encode_append(std::string& to, std::string_view text) {
    for (;;) {
        const auto* const special = std::ranges::find_if_not(text, is_unreserved);
        const auto plain = static_cast<std::size_t>(special - text.begin());
        to.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) return;
        const unsigned byte = at(text, 0);
        to.push_back('%');
        to.push_back(upper_hex_digits[byte >> 4]);
        to.push_back(upper_hex_digits[byte & 15]);
        text.remove_prefix(1);
    }
}

} // namespace wxlogind

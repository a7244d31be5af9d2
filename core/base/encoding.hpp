// Base64url, base64, hexadecimal digits, UTF-8 and percent-encoding. Decoders are strict: what they accept,
// the encoder would have written. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wxlogind {

// RFC 4648 section 5, without padding.
[[nodiscard]] std::string base64url_encode(std::string_view bytes);
void base64url_append(std::string& to, std::string_view bytes);
// nullopt: foreign characters, padding, impossible length, unused bits that are not zero.
[[nodiscard]] std::optional<std::string> base64url_decode(std::string_view text);
// The same into `to`, without an allocation: how many bytes were written. nullopt also when `to` is too
// small for them (text.size() / 4 * 3 + 2 always serves). What stands in `to` is undefined then.
[[nodiscard]] std::optional<std::size_t>
base64url_decode_into(std::span<char> to, std::string_view text) noexcept;

// RFC 4648 section 4, padded.
[[nodiscard]] std::string base64_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

// RFC 4648 section 8, but in lower case.
[[nodiscard]] std::string hex_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text); // lower or upper case

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
// Code points in well-formed UTF-8.
[[nodiscard]] std::size_t count_characters(std::string_view utf8) noexcept;

// Undoes %XX (RFC 3986 section 2.1). '+' stays '+': wx.request never writes it for a space, and base64 needs
// it. nullopt: '%' without two hexadecimal digits.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);
// All but RFC 3986 unreserved characters as %XX; at most three times as long.
[[nodiscard]] std::string percent_encode(std::string_view text);
void percent_encode_append(std::string& to, std::string_view text);

} // namespace wxlogind

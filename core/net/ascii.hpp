// Characters as HTTP's grammar sorts them. Locale plays no part.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace wxlogind::net {

[[nodiscard]] constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool is_alphanumeric(char c) noexcept {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

// One bit a byte value.
using character_class = std::array<bool, 256>;

[[nodiscard]] constexpr bool is_in(const character_class& accepted, char c) noexcept {
    return accepted[static_cast<unsigned char>(c)];
}

// True for nothing at all.
[[nodiscard]] constexpr bool all_in(const character_class& accepted, std::string_view text) noexcept {
    return std::ranges::all_of(text, [&](char c) { return is_in(accepted, c); });
}

// Letters, digits and `others`.
[[nodiscard]] constexpr character_class alphanumeric_and(std::string_view others) noexcept {
    character_class accepted{};
    for (std::size_t c = 0; c < accepted.size(); ++c) accepted[c] = is_alphanumeric(static_cast<char>(c));
    for (const char c : others) accepted[static_cast<unsigned char>(c)] = true;
    return accepted;
}

// RFC 9110 §5.6.2.
inline constexpr character_class token_characters = alphanumeric_and("!#$%&'*+-.^_`|~");

// Optional white space around `text` taken off (RFC 9110 §5.6.3).
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
    constexpr auto is_white = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_white(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_white(text.back())) text.remove_suffix(1);
    return text;
}

} // namespace wxlogind::net

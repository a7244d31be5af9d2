// Codes that need no minting: "0L", ten digits that number the user, twenty characters of [A-Za-z0-9].
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

namespace wxlogind::wechat_sim {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool is_alphanumeric(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The user a load code belongs to: its ten digits. nullopt for codes of another shape.
[[nodiscard]] constexpr std::optional<std::string_view> user_of_load_code(std::string_view code) noexcept {
    if (code.size() != 32 || !code.starts_with("0L")) return std::nullopt;
    if (!std::ranges::all_of(code.substr(2, 10), is_digit)) return std::nullopt;
    if (!std::ranges::all_of(code.substr(12), is_alphanumeric)) return std::nullopt;
    return code.substr(2, 10);
}

} // namespace wxlogind::wechat_sim

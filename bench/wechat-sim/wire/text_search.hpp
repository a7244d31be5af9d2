// Looking for characters in a text that is expected to have none of them.
#pragma once

#include <algorithm>
#include <string_view>

namespace wxlogind::wechat_sim {

// One memchr a character: several times as fast as find_first_of, which asks for every byte of the text.
[[nodiscard]] inline bool holds_any_of(std::string_view text, std::string_view characters) noexcept {
    return std::ranges::any_of(
        characters, [text](char each) { return text.find(each) != std::string_view::npos; });
}

} // namespace wxlogind::wechat_sim

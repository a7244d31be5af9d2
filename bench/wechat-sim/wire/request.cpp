#include "bench/wechat-sim/wire/request.hpp"

#include "bench/wechat-sim/wire/text_search.hpp"

#include <algorithm>
#include <cctype>

namespace wxlogind::wechat_sim {

namespace {

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

void append_decoded(std::string& to, std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 &&
            hex_value(text[at + 2]) >= 0) {
            to += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
            at += 2;
        } else {
            to += text[at] == '+' ? ' ' : text[at];
        }
    }
}

bool is_same_name(std::string_view one, std::string_view other) noexcept {
    return std::ranges::equal(
        one, other, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

} // namespace

std::string_view field_of(const request& incoming, std::string_view name) noexcept {
    std::string_view rest = incoming.fields;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(std::min(rest.size(), line.size() + 2));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !is_same_name(line.substr(0, colon), name)) continue;
        std::string_view value = line.substr(colon + 1);
        while (value.starts_with(' ')) value.remove_prefix(1);
        while (value.ends_with(' ')) value.remove_suffix(1);
        return value;
    }
    return {};
}

std::optional<std::string_view> query_parameters::find(std::string_view name) {
    std::string_view rest = query_;
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        const std::string_view pair = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (!pair.starts_with(name)) continue;
        if (pair.size() == name.size()) return "";
        if (pair[name.size()] != '=') continue;
        const std::string_view value = pair.substr(name.size() + 1);
        if (!holds_any_of(value, "%+")) return value;
        // What one asks for is at most as long as the query, asked for once each.
        if (decoded_.capacity() < query_.size()) decoded_.reserve(query_.size());
        const std::size_t start = decoded_.size();
        if (start + value.size() > decoded_.capacity()) return value;
        append_decoded(decoded_, value);
        return std::string_view{decoded_}.substr(start);
    }
    return std::nullopt;
}

} // namespace wxlogind::wechat_sim

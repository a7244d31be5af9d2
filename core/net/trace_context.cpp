#include "core/net/trace_context.hpp"

#include <algorithm>

namespace wxlogind::net {

namespace {

constexpr std::size_t length = std::tuple_size_v<trace_text>;

bool is_hex(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) noexcept {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

} // namespace

std::optional<trace_parent> parse_trace_parent(std::string_view value) noexcept {
    if (value.size() < length || value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
    const std::string_view version = value.substr(0, 2);
    if (!is_hex(version) || version == "ff") return std::nullopt;
    if (value.size() > length && (version == "00" || value[length] != '-')) return std::nullopt;
    const trace_parent parent{value.substr(3, 32), value.substr(36, 16), value.substr(53, 2)};
    if (!is_id(parent.trace_id) || !is_id(parent.span_id) || !is_hex(parent.flags)) return std::nullopt;
    return parent;
}

trace_text make_trace_text(const trace_parent& caller, std::string_view span) noexcept {
    trace_text text{'0', '0', '-'};
    auto at = std::ranges::copy(caller.trace_id, text.begin() + 3).out;
    *at++ = '-';
    at = std::ranges::copy(span, at).out;
    *at++ = '-';
    std::ranges::copy(caller.flags, at);
    return text;
}

} // namespace wxlogind::net

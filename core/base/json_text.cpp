#include "core/base/json_text.hpp"

#include <array>

namespace wxlogind {

namespace {

constexpr std::array<bool, 256> needs_escape = [] {
    std::array<bool, 256> table{};
    for (std::size_t control = 0; control < 0x20; ++control) table[control] = true;
    table['"'] = table['\\'] = table[0x7f] = true;
    return table;
}();

void append_escaped(std::string& to, unsigned char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (byte) {
    case '"': to += "\\\""; return;
    case '\\': to += "\\\\"; return;
    case '\n': to += "\\n"; return;
    case '\r': to += "\\r"; return;
    case '\t': to += "\\t"; return;
    default:
        to += "\\u00";
        to += digits[byte >> 4];
        to += digits[byte & 15];
    }
}

} // namespace

void append_json_string(std::string& to, std::string_view utf8) {
    to += '"';
    std::size_t clean_from = 0;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (!needs_escape[byte]) continue;
        to += utf8.substr(clean_from, i - clean_from);
        append_escaped(to, byte);
        clean_from = i + 1;
    }
    to += utf8.substr(clean_from);
    to += '"';
}

} // namespace wxlogind

// How a secret looks where it has got to by mistake.
#pragma once

#include "core/base/encoding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

// The forms in which bytes may get somewhere by mistake. Base64 lies differently in each third place.
inline std::vector<std::string> forms_of(const std::string& secret) {
    std::vector<std::string> forms{secret, wxlogind::hex_encode(secret), wxlogind::percent_encode(secret)};
    forms.push_back(forms[1]);
    for (char& c : forms.back()) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    for (std::size_t from = 0; from < 3; ++from) {
        const std::size_t whole = (secret.size() - from) / 3 * 3;
        forms.push_back(wxlogind::base64_encode(secret.substr(from, whole)));
        forms.push_back(wxlogind::base64url_encode(secret.substr(from, whole)));
    }
    return forms;
}

inline std::string decoded(std::string_view base64) {
    std::string bytes;
    unsigned bits = 0;
    unsigned value = 0;
    for (const char c : base64) {
        constexpr std::string_view digits{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos) break;
        value = value << 6 | static_cast<unsigned>(digit);
        bits += 6;
        if (bits >= 8) bytes += static_cast<char>(value >> (bits -= 8));
    }
    return bytes;
}

} // namespace wxlogind::test

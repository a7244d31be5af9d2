#include "core/wechat/code_fingerprint.hpp"

#include <array>
#include <string>

namespace wxlogind::wechat {

code_fingerprint fingerprint_of(const fingerprint_key& key, std::string_view appid, std::string_view code) {
    // An appid has no NUL, so the border between the two is certain.
    std::array<char, 256> short_text; // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
    const std::size_t size = appid.size() + 1 + code.size();
    std::string long_text;
    if (size > short_text.size()) long_text.resize(size);
    char* const text = long_text.empty() ? short_text.data() : long_text.data();
    appid.copy(text, appid.size());
    text[appid.size()] = '\0';
    code.copy(text + appid.size() + 1, code.size());
    return siphash_128(key, {text, size});
}

} // namespace wxlogind::wechat

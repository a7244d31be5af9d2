// What a mini program passes on from WeChat for its server: texts signed with the user's session_key, and
// texts encrypted under it. Pure; any thread. (WeChat: "Signature verification and decryption of open data".)
#pragma once

#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/secret.hpp"
#include "core/base/sha1.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

// `rawData` and `signature`.
struct signed_text {
    std::string text; // as the client got it, byte by byte
    sha1_digest signature{};
};

// `encryptedData` and `iv`.
struct encrypted_text {
    std::string bytes;
    std::string iv;
};

// From what was sent. A '+' of base64 that became a space on its way (a form or a query that was not
// percent-encoded) is a '+' again. Nothing here depends on a key.
// errc::invalid_request: detail begins with the field's name.
[[nodiscard]] result<signed_text> read_signed_text(std::string_view raw_data, std::string_view signature);
[[nodiscard]] result<encrypted_text>
read_encrypted_text(std::string_view encrypted_data, std::string_view iv);

// session_key: the base64 text, as WeChat gave it. Takes the same time wherever the signatures differ.
[[nodiscard]] bool is_signed_with(const signed_text& what, std::string_view session_key);

// What a decrypted text has to say of itself.
struct watermark_rule {
    std::string_view appid; // ours
    unix_seconds now{};
    std::chrono::seconds longest_age{0}; // 0: any
    // Shares, groups and steps have no watermark. One that is there has to be right in any case.
    bool is_required{true};
    // Where the text names a user ("openId"), it has to be this one; "": any.
    std::string_view openid{};
};

// Clocks differ.
inline constexpr std::chrono::seconds watermark_may_be_ahead{300};

// The text that was encrypted, a JSON object. errc::session_key_stale, always alike and after the same work,
// whatever is wrong with it: another key, bytes that were changed, a foreign or an old watermark. Nobody can
// find out by asking which of these it was.
[[nodiscard]] result<secret>
decrypt(const encrypted_text& what, std::string_view session_key, const watermark_rule& rule);

} // namespace wxlogind::wechat

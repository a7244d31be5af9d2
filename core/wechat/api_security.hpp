// WeChat's API signature and encryption, as far as it is a format: what is signed, what is authenticated, and
// how an encrypted body looks. developers.weixin.qq.com: API signature.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/secret.hpp"

#include <string>
#include <string_view>

namespace wxlogind::wechat {

// What a message is bound to.
struct api_envelope {
    std::string url;   // "https://api.weixin.qq.com/wxa/…", without the query
    std::string appid; // the app's
    unix_seconds at;   // a message counts for 300 s
};

// An app's symmetric key: its number at mp.weixin.qq.com, and 32 bytes.
struct api_symmetric_key {
    std::string number;
    secret bytes;
};

// The four lines that both sides sign (RSA-PSS); the last one, the body as sent, has no line end.
[[nodiscard]] std::string text_to_sign(const api_envelope& about, std::string_view body);

// {"iv","data","authtag"}: AES-256-GCM of `plain` with a random nonce.
[[nodiscard]] std::string
encrypt_api_body(const api_symmetric_key& key, const api_envelope& about, std::string_view plain);

// The other way round. errc::wechat_bad_answer: not of this form, not authentic, or the JSON object inside
// has another _appid or _timestamp than `about`.
[[nodiscard]] result<secret>
decrypt_api_body(const api_symmetric_key& key, const api_envelope& about, std::string_view body);

} // namespace wxlogind::wechat

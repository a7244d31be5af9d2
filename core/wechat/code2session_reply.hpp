// What WeChat answers to code2Session, from bytes to values.
#pragma once

#include "core/wechat/wechat_api.hpp"

#include <cstddef>
#include <string_view>

namespace wxlogind::wechat {

inline constexpr std::size_t max_reply_bytes = 64 * 1024;

// Reads the body of a code2Session response. Pure.
//
// JSON whatever the Content-Type says (WeChat sends text/plain). One object, at most max_reply_bytes, nesting
// at most 8 deep; the fields that we use at most once each; unknown fields are ignored. Success: errcode
// absent or 0, openid of 1 to 128 URL-safe characters, session_key the base64 of 16 bytes; a unionid of the
// same form, or empty or absent, which both mean that there is none.
//
// errc::wechat_bad_answer for everything else that is not an errcode; for an errcode see errcodes.hpp. No
// failure quotes the body.
[[nodiscard]] result<code_session> parse_code2session_reply(std::string_view body);

// The same for a whole HTTP response: business answers have status 200.
//
// Another status is the answer of something before WeChat, and nobody knows whether WeChat saw the code: it
// must not be sent again. So a 5xx is errc::code_rejected (log in again with a new code), like an answer that
// was lost, and a 429 is errc::rate_limited without an errcode, which makes the client wait first. Anything
// else is errc::wechat_bad_answer.
[[nodiscard]] result<code_session> read_code2session_response(unsigned status, std::string_view body);

} // namespace wxlogind::wechat

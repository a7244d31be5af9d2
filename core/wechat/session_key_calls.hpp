// What WeChat does with the session_key of a user, for one who shows that he knows it.
#pragma once

#include "core/wechat/authorised_calls.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::wechat {

// The proof: HMAC-SHA256 of `message` in lower-case hexadecimal digits, keyed by the session_key as its
// base64 text, not decoded. The message of the three calls is empty.
[[nodiscard]] std::string sign_with_session_key(const secret& session_key, std::string_view message);

// Whose key it is.
struct session_key_owner {
    std::string openid;
    secret session_key;
    std::string_view traceparent{}; // as api_call's
};

// One of the keys that wx.getUserCryptoManager has in the mini program.
struct user_encrypt_key {
    secret key;     // base64 of 16 bytes
    std::string iv; // 16 characters, which are the 16 bytes
    std::int64_t version{0};
    std::chrono::seconds expires_in{};
    std::chrono::sys_seconds created{};
};

// The three calls. Each by `calls` of the running reactor; the references have to stay until the task has
// ended. The errors of authorised_calls::call; errc::session_key_stale: WeChat has another key for the user,
// or none any more.

// checkSessionKey: is it the one that WeChat has?
task<result<void>>
check_session_key(authorised_calls& calls, const app_credentials& app, const session_key_owner& whose);

// ResetUserSessionKey: another key, and the one before is dead at once. Sent once: also after -1 nobody knows
// which key is good.
task<result<secret>>
reset_session_key(authorised_calls& calls, const app_credentials& app, const session_key_owner& whose);

// getUserEncryptKey: three at most, the newest first.
task<result<std::vector<user_encrypt_key>>>
user_encrypt_keys(authorised_calls& calls, const app_credentials& app, const session_key_owner& whose);

// What WeChat answers to the last two. Pure. errc::wechat_bad_answer: another openid, a key that is not the
// base64 of 16 bytes, an iv that is not 16 characters of visible ASCII, more than 16 keys.
[[nodiscard]] result<secret> parse_reset_reply(std::string_view body, std::string_view openid);
[[nodiscard]] result<std::vector<user_encrypt_key>> parse_encrypt_keys_reply(std::string_view body);

} // namespace wxlogind::wechat

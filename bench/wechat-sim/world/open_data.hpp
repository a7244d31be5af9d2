// What a mini program is given sealed, for its server to open: payloads, their encryption and signature.
//
// Source: WeChat's documentation of open data ("signature check and decryption").
#pragma once

#include "bench/wechat-sim/world/profile_book.hpp"
#include "core/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// Whose data it is and of when.
struct watermark {
    std::string appid{};
    unix_seconds at{};
};

// Who the user is to the app.
struct open_identity {
    std::string openid{};
    std::string unionid{}; // "" = the app is not bound
};

// Payloads, as JSON; a watermark that is not there is not written.
[[nodiscard]] std::string raw_user_info(const profile& who); // what wx.getUserInfo gives as rawData
[[nodiscard]] std::string user_info_payload(
    const profile& who, const std::optional<open_identity>& identity, const std::optional<watermark>& mark);
[[nodiscard]] std::string phone_payload(const profile& who, const std::optional<watermark>& mark);
[[nodiscard]] std::string share_payload(std::string_view group_id, const std::optional<watermark>& mark);
// A chat that the mini program was opened from.
[[nodiscard]] std::string group_payload(std::string_view group_id, const std::optional<watermark>& mark);
// The steps of 31 days up to `now`.
[[nodiscard]] std::string
steps_payload(std::uint64_t seed, unix_millis now, const std::optional<watermark>& mark);

struct sealed_data {
    std::string encrypted_data{}; // base64
    std::string iv{};             // base64 of 16 bytes
};
// AES-128-CBC with PKCS#7 under the key that `session_key` is the base64 of. `iv` has 16 bytes. Throws
// std::runtime_error when key or iv have another size.
[[nodiscard]] sealed_data seal(std::string_view payload, std::string_view session_key, std::string_view iv);

// SHA-1 of both together, in hexadecimal: the signature of a rawData.
[[nodiscard]] std::string sign_raw_data(std::string_view raw_data, std::string_view session_key);

} // namespace wxlogind::wechat_sim

// WeChat's error numbers and their texts, as the answers spell them before the request id.
#pragma once

#include <string_view>

namespace wxlogind::wechat_sim {

namespace errcode {
inline constexpr int system_error = -1;
inline constexpr int ok = 0;
inline constexpr int invalid_grant_type = 40002;
inline constexpr int invalid_appid = 40013;
inline constexpr int invalid_code = 40029;
inline constexpr int invalid_url = 40066;
inline constexpr int invalid_secret = 40125;
inline constexpr int code_used = 40163;
inline constexpr int invalid_ip = 40164;
inline constexpr int code_blocked = 40226;
inline constexpr int secret_frozen = 40243;
inline constexpr int appid_missing = 41002;
inline constexpr int secret_missing = 41004;
inline constexpr int code_missing = 41008;
inline constexpr int require_get = 43001;
inline constexpr int daily_quota = 45009;
inline constexpr int minute_quota = 45011;
} // namespace errcode

// The text of `number`; "system error" for numbers that are not ours. 40164's names an address besides, which
// the reply adds.
[[nodiscard]] std::string_view text_of(int number) noexcept;

} // namespace wxlogind::wechat_sim

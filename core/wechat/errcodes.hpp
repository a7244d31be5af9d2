// WeChat's errcodes, as far as code2Session answers them.
#pragma once

#include "core/base/errors.hpp"

#include <cstdint>

namespace wxlogind::wechat {

inline constexpr int errcode_ok = 0;
inline constexpr int errcode_busy = -1;
inline constexpr int errcode_invalid_code = 40029;
inline constexpr int errcode_code_used = 40163;
inline constexpr int errcode_minute_limit = 45011;
inline constexpr int errcode_day_limit = 45009;

// What `errcode`, which is not 0, means for a login. The failure carries the errcode, and a detail for the
// client that is ours: WeChat's errmsg is never passed on.
// developers.weixin.qq.com: code2Session, and the global table of return codes.
[[nodiscard]] failure code2session_failure(int errcode);

// What an operator has to look at when WeChat answers `errcode`; empty where nobody needs to act.
[[nodiscard]] std::string_view what_to_check(int errcode) noexcept;

} // namespace wxlogind::wechat

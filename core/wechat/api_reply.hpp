// What WeChat answers to JSON calls, from bytes to values.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/secret.hpp"
#include "core/wechat/access_token.hpp"
#include "core/wechat/errcodes.hpp"

#include <cstddef>
#include <string_view>

namespace wxlogind::wechat {

inline constexpr std::size_t max_api_reply_bytes = 64 * 1024;

// A whole HTTP response to a call that has been sent: success is status 200, one JSON object (see
// json_reading.hpp), errcode absent or 0. The errors of authorised_calls::call. No failure quotes the body.
[[nodiscard]] result<void> check_api_response(unsigned status, std::string_view body, wechat_call kind);

// The body of a success of stable_token. `asked`: before it was. errc::wechat_bad_answer: no access_token of
// 1 to 4096 visible ASCII characters, or no expires_in of 1 s to a day.
[[nodiscard]] result<access_token> parse_token_reply(std::string_view body, steady_clock::time_point asked);

} // namespace wxlogind::wechat

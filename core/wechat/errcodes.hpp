// WeChat's errcodes, and what each of them means to whoever called us: one switch. The table in
// docs/wechat-errcodes.md is made from it.
#pragma once

#include "core/base/errors.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace wxlogind::wechat {

inline constexpr int errcode_ok = 0;
inline constexpr int errcode_busy = -1;
inline constexpr int errcode_invalid_code = 40029;
inline constexpr int errcode_code_used = 40163;
inline constexpr int errcode_minute_limit = 45011;
inline constexpr int errcode_invalid_secret = 40125;
inline constexpr int errcode_day_limit = 45009;

// Which call was answered: some errcodes mean something else to some calls.
enum class wechat_call : std::uint8_t {
    code_to_session, // GET /sns/jscode2session
    access_token,    // POST /cgi-bin/stable_token, GET /cgi-bin/token
    phone_number,    // POST /wxa/business/getuserphonenumber
    with_token,      // every other call that takes an access token
};

struct errcode_meaning {
    errc problem{errc::wechat_bad_answer};
    std::string_view text;              // as WeChat says it, without what it adds to every errmsg
    std::string_view detail;            // for the client, in our words: an errmsg is never passed on
    std::string_view check{};           // what an operator has to look at; "" where nobody needs to act
    std::chrono::seconds retry_after{}; // 0 = the default of `problem`
    bool is_known{true};
};

// What `errcode`, which is not 0, means as the answer to `call`. One that is not known is a
// wechat_bad_answer. Any thread.
// developers.weixin.qq.com: the table of return codes of each call, and the global one.
[[nodiscard]] errcode_meaning meaning_of(int errcode, wechat_call call) noexcept;

// The same as a failure, which carries the errcode.
[[nodiscard]] failure refusal_of(int errcode, wechat_call call);

// The access token was not taken: the call may be repeated once with a new one.
[[nodiscard]] constexpr bool refuses_access_token(int errcode) noexcept {
    return errcode == 40001 || errcode == 40014 || errcode == 42001;
}

[[nodiscard]] inline failure code2session_failure(int errcode) {
    return refusal_of(errcode, wechat_call::code_to_session);
}

// What an operator has to look at when code2Session answers `errcode`; "" where nobody needs to act.
[[nodiscard]] inline std::string_view what_to_check(int errcode) noexcept {
    return meaning_of(errcode, wechat_call::code_to_session).check;
}

} // namespace wxlogind::wechat

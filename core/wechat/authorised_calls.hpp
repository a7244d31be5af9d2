// WeChat's JSON calls in the name of an app: those that need its access token.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/secret.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/wechat_api.hpp"

#include <string>
#include <string_view>

namespace wxlogind::wechat {

struct api_call {
    std::string_view path; // "/wxa/msg_sec_check": a literal
    std::string query{}; // further parameters, encoded: "openid=o1&lang=en". The access_token comes by itself
    secret body{};       // JSON makes it a POST, nothing a GET
    // What its errcodes mean.
    wechat_call kind{wechat_call::with_token};
    // Whether it does no harm twice: it is then asked again, at most twice, after -1. Never so with a code
    // that is good for once.
    bool may_repeat{false};
    std::string_view
        traceparent{}; // of the request that it is made for; has to stay until the call has ended
};

// One a reactor. The reactor's thread only.
class authorised_calls {
public:
    virtual ~authorised_calls() = default;

    // Gives the JSON object of a success (errcode absent or 0), at most 64 KiB; it holds what it holds, so it
    // is a secret. Asked for once, and once more with another token after 40001, 40014 and 42001, which
    // WeChat answers before it looks at anything else. Ends within twice wechat.timeout_ms.
    //
    // An errcode comes back in failure::wechat_errcode, with the code that errcodes.hpp gives it: a caller
    // that knows better what it means to its call says so. Without one:
    // errc::wechat_unavailable: certainly not sent (no connection, breaker open, no access token);
    // errc::overloaded: likewise, too many wait; errc::wechat_timeout: sent, and no answer in time;
    // errc::wechat_bad_answer: sent, and the answer was lost or makes no sense; errc::rate_limited: HTTP 429.
    virtual task<result<secret>> call(const app_credentials& app, api_call what) = 0;
};

} // namespace wxlogind::wechat

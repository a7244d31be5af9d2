// WeChat's server side in our words. The HTTPS implementation is wechat_https.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/secret.hpp"
#include "core/base/stage_times.hpp"
#include "core/wechat/app_credentials.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

// What code2Session gives for a code.
struct code_session {
    std::string openid;
    std::optional<std::string> unionid;
    secret session_key; // the base64 text as WeChat sent it (24 characters, 16 bytes)
};

// What /readyz shows of it; it fails nothing.
enum class upstream_state : std::uint8_t {
    untried,     // no exchange yet
    up,          // the last exchange got an answer
    failing,     // the last one did not
    breaker_open // and so many before it that none is tried for now
};

[[nodiscard]] std::string_view to_string(upstream_state state) noexcept;

// Of the request that a call is made for. What it points to outlives the task.
struct call_origin {
    stage_times* stages{nullptr};   // gets what the pool and WeChat took; nullptr: nobody asks
    std::string_view traceparent{}; // "" = it belongs to no trace
};

// One a reactor. The reactor's thread only, but for what says so.
class wechat_api {
public:
    virtual ~wechat_api() = default;

    // code2Session. The code is sent once; again only after WeChat answered -1 ("busy"), at most twice, or
    // when it certainly was not sent. `is_wanted` is asked whenever the code had to wait for a connection:
    // work for a client that has gone is dropped with errc::wechat_unavailable, which nobody reads.
    //
    // errc::code_rejected (40029, 40163; or sent, and the answer was lost), user_blocked (40226),
    // rate_limited (45011, 45009; an app that is slowed down after many 45011), wechat_misconfigured (40013,
    // 40125, 41002, 41004, 40164, 40243), wechat_bad_answer, wechat_unavailable (not sent: breaker, no
    // connection; or -1, which is then the errcode), overloaded (too many wait), wechat_timeout (sent, and no
    // answer in time).
    virtual task<result<code_session>> exchange_code(
        const app_credentials& app, std::string_view code, std::function<bool()> is_wanted,
        call_origin from) = 0;

    // How long the first of those who wait for a connection has waited; zero when nobody does.
    [[nodiscard]] virtual std::chrono::steady_clock::duration
    queue_time(std::chrono::steady_clock::time_point now) const noexcept = 0;

    // Any thread.
    [[nodiscard]] virtual upstream_state state() const noexcept = 0;
};

} // namespace wxlogind::wechat

// Calls with the access token of the token centre, over HTTPS.
#pragma once

#include "core/wechat/api_channel.hpp"
#include "core/wechat/authorised_calls.hpp"
#include "core/wechat/token_centre.hpp"

namespace wxlogind::wechat {

// One a reactor, whose `channel` and which `tokens` outlive it.
class authorised_https final : public authorised_calls {
public:
    authorised_https(
        net::reactor& home, api_channel& channel, token_centre& tokens, std::chrono::milliseconds timeout)
        : home_{home}, channel_{channel}, tokens_{tokens}, timeout_{timeout} {}

    task<result<secret>> call(const app_credentials& app, api_call what) override;

    // For calls from now on.
    void set_timeout(std::chrono::milliseconds timeout) noexcept { timeout_ = timeout; }

private:
    net::reactor& home_;
    api_channel& channel_;
    token_centre& tokens_;
    std::chrono::milliseconds timeout_;
};

} // namespace wxlogind::wechat

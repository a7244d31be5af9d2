// Access tokens from WeChat's stable_token.
#pragma once

#include "core/wechat/access_token.hpp"
#include "core/wechat/api_channel.hpp"

namespace wxlogind::wechat {

// The channel outlives it. On the channel's reactor only.
class stable_token final : public token_source {
public:
    explicit stable_token(api_channel& channel) : channel_{channel} {}

    task<result<access_token>>
    fetch(const app_credentials& app, token_wish wish, steady_clock::time_point until) override;

    // Asks get_api_domain_ip, which every app may call and which changes nothing.
    task<result<bool>>
    is_taken(const app_credentials& app, const secret& token, steady_clock::time_point until) override;

private:
    task<result<access_token>> fetch_with(
        const secret& shown, const app_credentials& app, token_wish wish, steady_clock::time_point until);

    api_channel& channel_;
};

} // namespace wxlogind::wechat

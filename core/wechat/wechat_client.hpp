// All that one reactor has to do with WeChat.
#pragma once

#include "core/wechat/api_channel.hpp"
#include "core/wechat/authorised_https.hpp"
#include "core/wechat/round_trips.hpp"
#include "core/wechat/stable_token.hpp"
#include "core/wechat/wechat_https.hpp"

namespace wxlogind::wechat {

// Destroyed on its reactor, as net::https_pool is. `tokens` and `clock` outlive it. `listener`: for whose
// requests it is, in figures ("public", "internal").
struct wechat_client {
    wechat_client(
        net::reactor& home, const net::https_upstream& upstream, const wechat_settings& settings,
        client_share share, std::string_view listener, token_centre& tokens, const wall_clock& clock)
        : listener{listener},
          logins{home, upstream, settings, share, trips},
          channel{home, logins.pool(), upstream.origin.authority(), settings, trips, clock},
          calls{home, channel, tokens, settings.timeout},
          token_source{channel} {}

    // See wechat_https::use.
    void use(const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served) {
        logins.use(settings, is_served);
        channel.use(settings, is_served);
        calls.set_timeout(settings.timeout);
    }

    const std::string_view listener;
    client_round_trips trips;
    wechat_https logins;
    api_channel channel;
    authorised_https calls;
    stable_token token_source;
};

} // namespace wxlogind::wechat

// JSON calls over the connections of one reactor: rendered, sent at most once or as often as the call allows,
// and read. The access token is passed in.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/config.hpp"
#include "core/net/https_pool.hpp"
#include "core/wechat/authorised_calls.hpp"
#include "core/wechat/circuit_breaker.hpp"
#include "core/wechat/round_trips.hpp"

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>

namespace wxlogind::wechat {

// One a reactor. The reactor's thread only.
class api_channel {
public:
    // `pool`, `counts` and `clock` outlive it.
    api_channel(
        net::reactor& home, net::https_pool& pool, std::string authority, const wechat_settings& settings,
        client_round_trips& counts, const wall_clock& clock);
    api_channel(const api_channel&) = delete;
    api_channel& operator=(const api_channel&) = delete;

    // Limits of the breakers from now on. Those of apps that are not served any more go with their last call.
    void use(const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served);

    // The JSON of a success. The errors of authorised_calls::call; ends by `until`. An empty token is left
    // out. The breaker of these calls is not that of logins: neither can shut the other out. What the app
    // protects is encrypted and signed, and so is the answer, or it counts for nothing.
    task<result<secret>>
    ask(const app_credentials& app, const api_call& what, const secret& token,
        steady_clock::time_point until);

private:
    struct attempt;
    task<attempt> try_call(
        const api_call& what, const net::https_exchange& how, const api_protection* protection,
        round_trips& counts);
    [[nodiscard]] result<secret>
    read(net::exchange_outcome& outcome, const api_call& what, const api_protection* protection) const;
    std::shared_ptr<circuit_breaker> breaker_for(const std::string& appid);

    net::reactor& home_;
    net::https_pool& pool_;
    client_round_trips& counts_;
    const wall_clock& clock_;
    const std::string authority_;
    unsigned breaker_failures_;
    std::chrono::milliseconds breaker_pause_;
    bool send_traceparent_;
    // As many as there are apps. One that a reload takes away is held by its calls.
    std::map<std::string, std::shared_ptr<circuit_breaker>, std::less<>> breakers_;
    std::minstd_rand jitter_;
};

} // namespace wxlogind::wechat

// WeChat's API over HTTPS.
#pragma once

#include "core/base/config.hpp"
#include "core/net/https_pool.hpp"
#include "core/wechat/login_standing.hpp"
#include "core/wechat/round_trips.hpp"
#include "core/wechat/wechat_api.hpp"

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

// What the reactors' clients share: the address of WeChat, its names, the trusted certificates. Made by the
// main thread, before the clients. Throws std::runtime_error: a base_url that is not "https://host[:port]", a
// ca_file that cannot be read, a DNS server that is not "address:port".
[[nodiscard]] std::unique_ptr<net::https_upstream> make_upstream(const wechat_settings& settings);

// What one of several clients takes of max_connections and max_waiting, which speak of the whole process: one
// `of` so many parts.
struct client_share {
    std::size_t of{1};
};

// One a reactor. `counts` outlives it.
class wechat_https final : public wechat_api {
public:
    wechat_https(
        net::reactor& home, const net::https_upstream& upstream, const wechat_settings& settings,
        client_share share, client_round_trips& counts);
    ~wechat_https() override;

    task<result<code_session>> exchange_code(
        const app_credentials& app, std::string_view code, std::function<bool()> is_wanted,
        call_origin from) override;

    [[nodiscard]] steady_clock::duration queue_time(steady_clock::time_point now) const noexcept override {
        return pool_.queue_time(now);
    }

    [[nodiscard]] upstream_state state() const noexcept override { return standing_.state(); }

    // Limits and times from now on, for the exchanges that begin. What stays as it is: the address, the CA,
    // how names are looked up. What is known of apps that are not served any more is forgotten.
    void use(const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served);

    [[nodiscard]] net::https_pool::counts count() const noexcept { return pool_.count(); }

    // Any thread.
    [[nodiscard]] const net::pool_figures& figures() const noexcept { return pool_.figures(); }

    // The connections to WeChat, for further calls of this reactor.
    [[nodiscard]] net::https_pool& pool() noexcept { return pool_; }

private:
    struct tries;
    task<login_attempt> try_exchange(const net::https_exchange& what, tries& so_far, round_trips& counts);
    task<login_attempt> try_secrets(
        const app_credentials& app, std::string_view code, std::string_view traceparent,
        net::https_exchange& what, app_standing& standing);

    wechat_settings settings_;
    const client_share share_;
    net::reactor& home_;
    const std::string authority_;
    net::https_pool pool_;
    login_standing standing_;
    std::minstd_rand jitter_;
};

} // namespace wxlogind::wechat

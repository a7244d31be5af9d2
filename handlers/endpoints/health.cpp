// GET /healthz: the process lives. GET /readyz: it should get traffic.
#include "handlers/endpoints/endpoints.hpp"

#include "core/base/json_text.hpp"

namespace wxlogind::handlers {

namespace {

// The worst that any reactor has seen of WeChat.
wechat::upstream_state worst_of(const std::vector<wechat::wechat_api*>& clients) {
    auto worst = wechat::upstream_state::untried;
    for (const wechat::wechat_api* each : clients) worst = std::max(worst, each->state());
    return worst;
}

} // namespace

task<result<net::response>> show_liveness(const net::request&, services&) {
    net::response alive;
    alive.body = R"({"status":"alive"})";
    alive.no_store = true;
    co_return alive;
}

task<result<net::response>> show_readiness(const net::request&, services& with) {
    const bool database = co_await with.ready.database_takes_writes(with.clock.now());
    const bool draining = with.ready.is_draining();

    net::response state;
    state.status = database && !draining ? 200 : 503;
    state.no_store = true;
    state.body = R"({"status":)";
    append_json_string(state.body, draining ? "draining" : database ? "ready" : "not_ready");
    state.body += R"(,"database":)";
    append_json_string(state.body, database ? "writable" : "not_writable");
    state.body += R"(,"wechat":)";
    append_json_string(state.body, to_string(worst_of(with.wechat)));
    state.body += '}';
    co_return state;
}

} // namespace wxlogind::handlers

#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"

namespace wxlogind::wechat_sim {

answer code_to_session(const endpoint_call& call) {
    // A POST is looked at like a GET: it fails because its parameters are in the body, not by its method.
    const std::string_view method = call.incoming.method;
    if (method != "GET" && method != "POST" && method != "HEAD") return refuse(call, errcode::require_get);
    exchange_request asked;
    asked.appid = call.parameters.text("appid");
    asked.secret = call.parameters.text("secret");
    asked.js_code = call.parameters.text("js_code");
    asked.grant_type = call.parameters.text("grant_type");
    asked.client_ip = call.client_ip;
    const exchange_outcome outcome = call.everything.exchange(asked);
    if (outcome.errcode == errcode::ok) return login_answer(outcome, call.style);
    return refuse(call, outcome.errcode);
}

} // namespace wxlogind::wechat_sim

#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/endpoints/json_body.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"
#include "bench/wechat-sim/world/token_calls.hpp"

#include <fmt/format.h>

namespace wxlogind::wechat_sim {

namespace {

answer answer_with(const endpoint_call& call, const issued_token& token) {
    if (token.errcode != errcode::ok) return refuse(call, token.errcode);
    return accept(
        call,
        fmt::format(R"({{"access_token":"{}","expires_in":{}}})", token.text, token.expires_in.count()));
}

} // namespace

answer get_token(const endpoint_call& call) {
    // As for code2Session, a POST fails because its parameters are in the body.
    const std::string_view method = call.incoming.method;
    if (method != "GET" && method != "POST" && method != "HEAD") return refuse(call, errcode::require_get);
    token_request asked;
    asked.appid = call.parameters.text("appid");
    asked.secret = call.parameters.text("secret");
    asked.grant_type = call.parameters.text("grant_type");
    asked.client_ip = call.client_ip;
    return answer_with(call, classic_token(call.everything, asked));
}

answer get_stable_token(const endpoint_call& call) {
    if (call.incoming.method != "POST") return refuse(call, errcode::require_post);
    const json_body body{call.incoming.body};
    // What does not even look like JSON is taken for a form, and forms are not read.
    if (!body.is_object() && call.incoming.body.starts_with('{')) return refuse(call, errcode::not_json);
    token_request asked;
    asked.appid = body.text("appid");
    asked.secret = body.text("secret");
    asked.grant_type = body.text("grant_type");
    asked.client_ip = call.client_ip;
    asked.by_force = body.flag("force_refresh");
    return answer_with(call, stable_token(call.everything, asked));
}

// What the addresses are matters to nobody here; that the token is good does.
answer get_api_domain_ip(const endpoint_call& call) {
    const token_check token = check_token(call);
    if (token.errcode != errcode::ok) return refuse(call, token.errcode);
    return accept(call, R"({"ip_list":["127.0.0.1"]})");
}

} // namespace wxlogind::wechat_sim

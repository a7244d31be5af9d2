#include "core/wechat/stable_token.hpp"

#include "core/base/json_text.hpp"
#include "core/wechat/api_reply.hpp"

#include <string>
#include <utility>

namespace wxlogind::wechat {

namespace {

secret render_body(const std::string& appid, const secret& shown, token_wish wish) {
    std::string body;
    body.reserve(256 + appid.size() + shown.reveal().size()); // never grows: no copies
    body += R"({"grant_type":"client_credential","appid":)";
    append_json_string(body, appid);
    body += R"(,"secret":)";
    append_json_string(body, shown.reveal());
    body += R"(,"force_refresh":)";
    body += wish == token_wish::forced ? "true}" : "false}";
    return secret{std::move(body)};
}

} // namespace

task<result<access_token>> stable_token::fetch_with(
    const secret& shown, const app_credentials& app, token_wish wish, steady_clock::time_point until) {
    api_call call;
    call.path = "/cgi-bin/stable_token";
    call.kind = wechat_call::access_token;
    call.body = render_body(app.appid, shown, wish);
    call.may_repeat = wish == token_wish::normal;
    const secret no_token;
    const auto asked = steady_clock::now();
    const auto reply = co_await channel_.ask(app, call, no_token, until);
    if (!reply) co_return reply.error();
    co_return parse_token_reply(reply->reveal(), asked);
}

// developers.weixin.qq.com: getStableAccessToken.
task<result<access_token>>
stable_token::fetch(const app_credentials& app, token_wish wish, steady_clock::time_point until) {
    const secret& likely = app.likely_secret();
    auto found = co_await fetch_with(likely, app, wish, until);
    if (found || found.error().wechat_errcode != errcode_invalid_secret) co_return found;
    const secret* const other = app.other_than(likely);
    if (other == nullptr) co_return found;
    auto second = co_await fetch_with(*other, app, wish, until);
    if (second) app.prefer(*other);
    co_return second;
}

// developers.weixin.qq.com: getApiDomainIp.
task<result<bool>>
stable_token::is_taken(const app_credentials& app, const secret& token, steady_clock::time_point until) {
    api_call call;
    call.path = "/cgi-bin/get_api_domain_ip";
    call.may_repeat = true;
    const auto reply = co_await channel_.ask(app, call, token, until);
    if (reply) co_return true;
    if (refuses_access_token(reply.error().wechat_errcode)) co_return false;
    // Whatever else WeChat says to it, it has taken the token.
    if (reply.error().wechat_errcode > 0) co_return true;
    co_return reply.error();
}

} // namespace wxlogind::wechat

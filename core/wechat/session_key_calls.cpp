#include "core/wechat/session_key_calls.hpp"

#include "core/base/encoding.hpp"
#include "core/base/hmac.hpp"

#include <utility>

namespace wxlogind::wechat {

namespace {

// developers.weixin.qq.com has the three parameters in the table of the body and in the query of the example;
// the query is what every client sends.
api_call render_call(std::string_view path, const session_key_owner& whose) {
    api_call call;
    call.path = path;
    call.query = "openid=" + percent_encode(whose.openid) +
                 "&signature=" + sign_with_session_key(whose.session_key, "") + "&sig_method=hmac_sha256";
    call.traceparent = whose.traceparent;
    return call;
}

} // namespace

std::string sign_with_session_key(const secret& session_key, std::string_view message) {
    return hex_encode(as_text(hmac_sha256{session_key.reveal()}(message)));
}

task<result<void>>
check_session_key(authorised_calls& calls, const app_credentials& app, const session_key_owner& whose) {
    api_call call = render_call("/wxa/checksession", whose);
    call.may_repeat = true;
    const auto reply = co_await calls.call(app, std::move(call));
    if (!reply) co_return reply.error();
    co_return result<void>{};
}

task<result<secret>>
reset_session_key(authorised_calls& calls, const app_credentials& app, const session_key_owner& whose) {
    api_call call = render_call("/wxa/resetusersessionkey", whose);
    const auto reply = co_await calls.call(app, std::move(call));
    if (!reply) co_return reply.error();
    co_return parse_reset_reply(reply->reveal(), whose.openid);
}

task<result<std::vector<user_encrypt_key>>>
user_encrypt_keys(authorised_calls& calls, const app_credentials& app, const session_key_owner& whose) {
    api_call call = render_call("/wxa/business/getuserencryptkey", whose);
    call.may_repeat = true;
    const auto reply = co_await calls.call(app, std::move(call));
    if (!reply) co_return reply.error();
    co_return parse_encrypt_keys_reply(reply->reveal());
}

} // namespace wxlogind::wechat

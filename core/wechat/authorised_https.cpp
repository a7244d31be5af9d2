#include "core/wechat/authorised_https.hpp"

#include "core/net/reactor.hpp"
#include "core/wechat/api_reply.hpp"

#include <utility>

namespace wxlogind::wechat {

task<result<secret>> authorised_https::call(const app_credentials& app, api_call what) {
    const executor here = home_.get_executor();
    auto token = co_await tokens_.current(app, here);
    if (!token) co_return token.error();
    // The wait for a token has its own limit.
    const auto until = steady_clock::now() + timeout_;
    auto reply = co_await channel_.ask(app, what, token->text, until);
    if (reply || !refuses_access_token(reply.error().wechat_errcode)) co_return reply;

    const failure refused = reply.error();
    secret rejected = std::move(token->text);
    auto better = co_await tokens_.checked(app, std::move(rejected), here);
    if (!better) co_return better.error();
    if (steady_clock::now() >= until) co_return refused;
    auto second = co_await channel_.ask(app, what, better->text, until);
    co_return second;
}

} // namespace wxlogind::wechat

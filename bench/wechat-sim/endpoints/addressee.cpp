#include "bench/wechat-sim/endpoints/addressee.hpp"

#include "bench/wechat-sim/endpoints/json_body.hpp"

namespace wxlogind::wechat_sim {

addressee::addressee(const request& incoming, query_parameters& parameters, world& everything)
    : everything_{everything},
      appid_{parameters.text("appid")},
      user_{everything.user_of(parameters.text("js_code"))},
      openid_{parameters.text("openid")} {
    const json_body body{incoming.body};
    if (appid_.empty()) appid_ = body.text("appid");
    if (appid_.empty())
        appid_ = everything.tokens().check(parameters.text("access_token"), everything.now()).appid;
    if (openid_.empty()) openid_ = body.text("openid");
    if (user_.empty()) user_ = everything.user_of(body.text("code"));
}

bool addressee::is(std::string_view user) const {
    if (!user_.empty()) return user_ == user;
    return !openid_.empty() && everything_.openid_of(appid_, user).text() == openid_;
}

} // namespace wxlogind::wechat_sim

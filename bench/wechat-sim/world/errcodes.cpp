#include "bench/wechat-sim/world/errcodes.hpp"

namespace wxlogind::wechat_sim {

std::string_view text_of(int number) noexcept {
    switch (number) {
    case errcode::ok: return "ok";
    case errcode::invalid_credential:
        return "invalid credential, access_token is invalid or not latest, could get access_token by "
               "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r";
    case errcode::invalid_grant_type: return "invalid grant_type";
    case errcode::invalid_openid: return "invalid openid";
    case errcode::invalid_token: return "invalid access_token";
    case errcode::invalid_parameter: return "invalid parameter";
    case errcode::invalid_arguments: return "invalid args";
    case errcode::invalid_scene: return "invalid scene";
    case errcode::token_missing: return "access_token missing";
    case errcode::token_expired: return "access_token expired";
    case errcode::require_post: return "require POST method";
    case errcode::require_https: return "require https";
    case errcode::foreign_openid: return "appid and openid don't match";
    case errcode::empty_body: return "empty post data";
    case errcode::check_rate: return "reach max rate limit";
    case errcode::content_too_long: return "content size out of limit";
    case errcode::not_json: return "data format error";
    case errcode::unauthorized: return "api unauthorized";
    case errcode::user_inactive: return "code is expired or the user has not been here for two hours";
    case errcode::session_key_expired: return "session_key is not existed or expired";
    case errcode::invalid_sig_method: return "invalid sig_method";
    case errcode::invalid_signature: return "invalid signature";
    case errcode::risky_content: return "risky content";
    case errcode::ip_unconfirmed: return "this IP calls for the first time, the admin has to confirm it";
    case errcode::ip_refused_a_day: return "this IP was refused by the admin, try again in 24 hours";
    case errcode::ip_refused_an_hour: return "this IP was refused by the admin, try again in 1 hour";
    case errcode::invalid_appid: return "invalid appid";
    case errcode::invalid_code: return "invalid code";
    case errcode::invalid_url: return "invalid url";
    case errcode::invalid_secret: return "invalid appsecret";
    case errcode::code_used: return "code been used";
    case errcode::invalid_ip: return "invalid ip";
    case errcode::code_blocked: return "code blocked";
    case errcode::timestamp_missing: return "missing Wechatmp-TimeStamp";
    case errcode::signature_missing: return "missing Wechatmp-Signature";
    case errcode::signed_appid_missing: return "missing Wechatmp-Appid";
    case errcode::wrong_signature: return "invalid signature";
    case errcode::wrong_encryption: return "decrypt failed";
    case errcode::wrong_appid: return "invalid _appid";
    case errcode::appid_of_another_token: return "appid doesn't match access_token";
    case errcode::no_public_key: return "no public key";
    case errcode::timestamp_expired: return "timestamp expired";
    case errcode::secret_frozen: return "AppSecret frozen";
    case errcode::appid_missing: return "appid missing";
    case errcode::secret_missing: return "appsecret missing";
    case errcode::code_missing: return "missing code";
    case errcode::require_get: return "require GET method";
    case errcode::daily_quota: return "reach max api daily quota limit";
    case errcode::minute_quota: return "api minute-quota reach limit, must slower, retry next minute";
    default: return "system error";
    }
}

} // namespace wxlogind::wechat_sim

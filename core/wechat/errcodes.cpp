#include "core/wechat/errcodes.hpp"

namespace wxlogind::wechat {

failure code2session_failure(int errcode) {
    switch (errcode) {
    case errcode_busy: return {errc::wechat_unavailable, "WeChat is busy", errcode};
    case errcode_invalid_code: // wrong, expired, or of another app
    case errcode_code_used: return {errc::code_rejected, "WeChat does not take this code", errcode};
    case 40226: // risk control
        return {errc::user_blocked, "WeChat does not let this user log in", errcode};
    case errcode_minute_limit:
    case errcode_day_limit: { // when it is given anew is not for the client to wait for
        failure limited{errc::rate_limited, "WeChat's limit is reached", errcode};
        limited.retry_after = std::chrono::seconds{errcode == errcode_minute_limit ? 60 : 3600};
        return limited;
    }
    case 40013: // invalid appid
    case 40125: // invalid secret
    case 41002: // appid missing
    case 41004: // secret missing
    case 40164: // our address is not on the allow-list
    case 40243: // the secret is frozen
        return {errc::wechat_misconfigured, "this app is not set up with WeChat", errcode};
    default:
        // Also 40002 (grant_type) and 41008 (js_code missing): we always send both, so an answer that misses
        // them is not one to our request.
        return {errc::wechat_bad_answer, "WeChat answered an unexpected errcode", errcode};
    }
}

std::string_view what_to_check(int errcode) noexcept {
    switch (errcode) {
    case 40013:
    case 41002: return "appid of this [[apps]] section";
    case 40125:
    case 41004: return "the AppSecret in this app's secret_file: was it reset at mp.weixin.qq.com?";
    case 40164: return "the allow-list at mp.weixin.qq.com: this server's public address is not on it";
    case 40243: return "mp.weixin.qq.com: the AppSecret is frozen there";
    case errcode_day_limit: return "the quota of calls at mp.weixin.qq.com: it is used up for today";
    default: return {};
    }
}

} // namespace wxlogind::wechat

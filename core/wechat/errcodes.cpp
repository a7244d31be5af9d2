#include "core/wechat/errcodes.hpp"

namespace wxlogind::wechat {

namespace {

using namespace std::chrono_literals;
using text = std::string_view;

constexpr text secret_to_check{"the AppSecret in this app's secret_file: was it reset at mp.weixin.qq.com?"};
constexpr text signature_to_check{
    "the keys and certificates of the API signature at mp.weixin.qq.com, and this app's section"};
constexpr text address_to_check{
    "mp.weixin.qq.com: an administrator has to confirm this server's public address there"};

// Nobody but an operator can change it, at WeChat's console or in our configuration.
constexpr errcode_meaning set_up_wrong(text words, text check) {
    return {errc::wechat_misconfigured, words, "this app is not set up with WeChat", check};
}

// We always send what this errcode misses: something between us and WeChat changes our requests, or WeChat
// has changed the call. No repetition helps.
constexpr errcode_meaning not_our_request(text words) {
    return {
        errc::wechat_misconfigured, words, "WeChat does not take the form of this server's request",
        "wechat.base_url and what stands between: the request arrives changed; or a newer wxlogind"};
}

// The answer to a call that was not made.
constexpr errcode_meaning of_another_call(text words) {
    return {errc::wechat_bad_answer, words, "WeChat answered an errcode of another call"};
}

constexpr errcode_meaning limited(text words, std::chrono::seconds wait, text check = {}) {
    return {errc::rate_limited, words, "WeChat's limit is reached", check, wait};
}

constexpr errcode_meaning wrong_session_key(text words) {
    return {
        errc::session_key_stale, words, "WeChat has another session key for this user: log in again, repeat"};
}

constexpr errcode_meaning wrong_token(text words, wechat_call call) {
    // Calls that show the AppSecret and no access token.
    if (call == wechat_call::access_token || call == wechat_call::code_to_session)
        return set_up_wrong(words, secret_to_check);
    return {
        errc::wechat_unavailable, words, "WeChat does not take this server's access token",
        "whether another program renews this app's stable_token with force_refresh"};
}

constexpr errcode_meaning wrong_code(text words, wechat_call call) {
    if (call == wechat_call::phone_number)
        return {
            errc::invalid_request, words, "code: WeChat does not take it; let the user tap the button again"};
    return {errc::code_rejected, words, "WeChat does not take this code"};
}

constexpr errcode_meaning wrong_field(text words, text detail) {
    return {errc::invalid_request, words, detail};
}

} // namespace

errcode_meaning meaning_of(int errcode, wechat_call call) noexcept {
    switch (errcode) {
    case errcode_busy: return {errc::wechat_unavailable, "system error", "WeChat is busy"};

    // The code, and who stands behind it.
    case errcode_invalid_code: return wrong_code("invalid code", call); // expired, or of another app
    case errcode_code_used: return wrong_code("code been used", call);
    case 42003: return wrong_code("oauth code expired", call);
    case 40226: return {errc::user_blocked, "code blocked", "WeChat does not let this user log in"};
    case 50001: return {errc::user_blocked, "user unauthorized", "WeChat does not let this user do that"};
    case 50002: return {errc::user_blocked, "user limited", "WeChat does not let this user do that"};

    // When a limit is given anew is not for the client to wait for.
    case errcode_minute_limit:
        return limited("api minute-quota reach limit, must slower, retry next minute", 60s);
    case 44991: return limited("api rate limit reached", 60s);
    case errcode_day_limit:
        return limited(
            "reach max api daily quota limit", 3600s,
            "the quota of calls at mp.weixin.qq.com: it is used up for today");

    // The session key, which WeChat may have changed since the user's last login here.
    case 87007: return wrong_session_key("session_key is not existed or expired");
    case 87009: return wrong_session_key("invalid signature");
    case 61010:
        return {
            errc::session_key_stale, "code is expired",
            "the user was not in the mini program within two hours: log in again, repeat"};

    // The access token.
    case 40001: return wrong_token("invalid credential, access_token is invalid or not latest", call);
    case 40014: return wrong_token("invalid access_token", call);
    case 42001: return wrong_token("access_token expired", call);

    // What was asked for.
    case 40003: return wrong_field("invalid openid", "user: WeChat does not know this user in this app");
    case 43104:
        return wrong_field(
            "appid and openid do not match", "user: WeChat does not know this user in this app");
    case 40129: return wrong_field("invalid scene", "scene: WeChat does not take it");
    case 87014: return wrong_field("risky content", "content: WeChat holds it to be risky");
    case 40004: return wrong_field("invalid media type", "media_type: WeChat does not take it");
    case -1008: return wrong_field("download failed", "media_url: WeChat cannot load it");

    // The app, as WeChat knows it.
    case 40013:
        if (call == wechat_call::phone_number)
            return wrong_field("invalid appid", "code: it is of another mini program");
        return set_up_wrong("invalid appid", "appid of this [[apps]] section");
    case 41002: return set_up_wrong("appid missing", "appid of this [[apps]] section");
    case 40125: return set_up_wrong("invalid appsecret", secret_to_check);
    case 41004: return set_up_wrong("appsecret missing", secret_to_check);
    case 40243: return set_up_wrong("AppSecret frozen", "mp.weixin.qq.com: the AppSecret is frozen there");
    case 40164:
        return set_up_wrong(
            "invalid ip, not in whitelist",
            "the allow-list at mp.weixin.qq.com: this server's public address is not on it");
    case 89503: return set_up_wrong("ip needs the administrator's confirmation", address_to_check);
    case 89506: return set_up_wrong("ip refused, try again after 24 hours", address_to_check);
    case 89507: return set_up_wrong("ip refused, try again after 1 hour", address_to_check);
    case 48001:
        return set_up_wrong("api unauthorized", "mp.weixin.qq.com: this app has no permission for this call");
    case 48006:
        return set_up_wrong("clear_quota used up", "who clears quotas: no more can be cleared this month");
    case 48017:
        return set_up_wrong(
            "retired address", "the name service: it gives an address that WeChat has given up");
    case 50004:
        return set_up_wrong(
            "token interface forbidden", "mp.weixin.qq.com: this app may get no access token");
    case 50007: return set_up_wrong("account frozen", "mp.weixin.qq.com: the app's account is frozen");
    case 61007:
        return set_up_wrong(
            "api not authorized to the component", "what this app grants to its third-party platform");
    case 89002:
        return set_up_wrong(
            "app not bound", "open.weixin.qq.com: the app is bound to no Open Platform account");

    // The API's signature and encryption.
    case 40230: return set_up_wrong("missing Wechatmp-Serial", signature_to_check);
    case 40231: return set_up_wrong("missing Wechatmp-TimeStamp", signature_to_check);
    case 40232: return set_up_wrong("missing Wechatmp-Signature", signature_to_check);
    case 40233: return set_up_wrong("missing Wechatmp-Appid", signature_to_check);
    case 40234: return set_up_wrong("wrong signature", signature_to_check);
    case 40235: return set_up_wrong("wrong encryption", signature_to_check);
    case 40236: return set_up_wrong("wrong appid", signature_to_check);
    case 40237: return set_up_wrong("the appid is not the access_token's", signature_to_check);
    case 40238: return set_up_wrong("no symmetric key", signature_to_check);
    case 40239: return set_up_wrong("no public key", signature_to_check);
    case 40240: return set_up_wrong("timestamp expired", "this server's clock");

    case 40002: return not_our_request("invalid grant_type");
    case 40035: return not_our_request("invalid parameter");
    case 40066: return not_our_request("invalid url");
    case 40097: return not_our_request("invalid args");
    case 41001: return not_our_request("access_token missing");
    case 41008: return not_our_request("missing code");
    case 43001: return not_our_request("require GET method");
    case 43002: return not_our_request("require POST method");
    case 43003: return not_our_request("require https");
    case 44002: return not_our_request("empty post data");
    case 47001: return not_our_request("data format error");
    case 87008: return not_our_request("invalid sig_method");

    case 1000: // of plug-ins
    case 1001:
    case 1003:
    case 1005:
    case 1007:
    case 1022: return of_another_call("a plug-in's code");
    case 76001: return of_another_call("rid not found");
    case 87020: return of_another_call("of media_check_async");
    case 89300: return of_another_call("no such order");
    default: break;
    }
    errcode_meaning unknown = of_another_call("");
    unknown.detail = "WeChat answered an unexpected errcode";
    unknown.is_known = false;
    return unknown;
}

failure refusal_of(int errcode, wechat_call call) {
    const errcode_meaning means = meaning_of(errcode, call);
    failure why{means.problem, std::string{means.detail}, errcode};
    why.retry_after = means.retry_after;
    return why;
}

} // namespace wxlogind::wechat

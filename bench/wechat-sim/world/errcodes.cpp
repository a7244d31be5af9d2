#include "bench/wechat-sim/world/errcodes.hpp"

namespace wxlogind::wechat_sim {

std::string_view text_of(int number) noexcept {
    switch (number) {
    case errcode::ok: return "ok";
    case errcode::invalid_grant_type: return "invalid grant_type";
    case errcode::invalid_appid: return "invalid appid";
    case errcode::invalid_code: return "invalid code";
    case errcode::invalid_url: return "invalid url";
    case errcode::invalid_secret: return "invalid appsecret";
    case errcode::code_used: return "code been used";
    case errcode::invalid_ip: return "invalid ip";
    case errcode::code_blocked: return "code blocked";
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

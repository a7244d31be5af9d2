#include "bench/wechat-sim/world/token_calls.hpp"

#include "bench/wechat-sim/world/app_rules.hpp"

namespace wxlogind::wechat_sim {

namespace {

int check_request(const world& everything, const token_request& asked) {
    if (asked.appid.empty()) return errcode::appid_missing;
    const auto asking = everything.find_app(asked.appid);
    if (!asking) return errcode::invalid_appid;
    if (const int refused = check_secret(*asking, asked.secret)) return refused;
    if (asked.grant_type != "client_credential") return errcode::invalid_grant_type;
    return admits(*asking, asked.client_ip) ? errcode::ok : errcode::invalid_ip;
}

} // namespace

issued_token classic_token(world& everything, const token_request& asked) {
    if (const int refused = check_request(everything, asked)) return {refused};
    return everything.tokens().issue_classic(asked.appid, everything.now());
}

issued_token stable_token(world& everything, const token_request& asked) {
    if (const int refused = check_request(everything, asked)) return {refused};
    return everything.tokens().issue_stable(asked.appid, asked.by_force, everything.now());
}

} // namespace wxlogind::wechat_sim

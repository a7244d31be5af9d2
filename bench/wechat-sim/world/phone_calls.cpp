#include "bench/wechat-sim/world/phone_calls.hpp"

#include "bench/wechat-sim/world/errcodes.hpp"

namespace wxlogind::wechat_sim {

std::string full_number(std::string_view pure_number, std::string_view country_code) {
    return country_code == "86" ? std::string{pure_number}
                                : std::string{country_code} + std::string{pure_number};
}

phone_outcome phone_number(world& everything, const phone_request& asked) {
    const auto asking = everything.find_app(asked.appid);
    if (asking && asking->is_personal) return {errcode::unauthorized};
    if (asked.code.empty()) return {errcode::not_json};
    code_book& codes = everything.phone_codes();
    const auto holder = codes.find(asked.code, everything.now());
    if (!holder) return {errcode::invalid_code};
    if (holder->appid != asked.appid) return {errcode::invalid_appid};
    if (!asked.openid.empty() && asked.openid != everything.openid_of(asked.appid, holder->user).text())
        return {errcode::invalid_openid};
    if (!codes.spend(asked.code)) return {errcode::invalid_code};
    const profile owner = everything.profiles().of(holder->user);
    return {errcode::ok, full_number(owner.phone, owner.country_code), owner.phone, owner.country_code};
}

} // namespace wxlogind::wechat_sim

#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/endpoints/json_body.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"
#include "bench/wechat-sim/world/phone_calls.hpp"

#include <fmt/format.h>

namespace wxlogind::wechat_sim {

answer get_phone_number(const endpoint_call& call) {
    const token_check token = check_token(call);
    if (token.errcode != errcode::ok) return refuse(call, token.errcode);
    if (call.incoming.method != "POST") return refuse(call, errcode::require_post);
    if (call.incoming.body.empty()) return refuse(call, errcode::empty_body);
    const json_body body{call.incoming.body};
    const phone_outcome phone =
        phone_number(call.everything, {token.appid, body.text("code"), body.text("openid")});
    if (phone.errcode != errcode::ok) return refuse(call, phone.errcode);
    const std::string_view quote = call.style.writes_country_code_as_number ? "" : "\"";
    return accept(
        call,
        fmt::format(
            R"({{"errcode":0,"errmsg":"ok","phone_info":{{"phoneNumber":"{}","purePhoneNumber":"{}",)"
            R"("countryCode":{}{}{},"watermark":{{"timestamp":{},"appid":"{}"}}}}}})",
            phone.number, phone.pure_number, quote, phone.country_code, quote, call.id.seconds, token.appid));
}

void count_phone_code(const request& incoming, world& everything) {
    const json_body body{incoming.body};
    if (const auto code = body.text("code"); !code.empty()) everything.phone_codes().count_arrival(code);
}

} // namespace wxlogind::wechat_sim

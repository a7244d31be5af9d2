#include "bench/wechat-sim/endpoints/call_fields.hpp"
#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"
#include "bench/wechat-sim/world/session_calls.hpp"

#include <fmt/format.h>

namespace wxlogind::wechat_sim {

namespace {

// A call with a proof that the caller knows the session_key: GET as documented today, POST as it once was.
class proven_call {
public:
    explicit proven_call(const endpoint_call& call)
        : fields_{call.incoming, call.parameters}, token_{check_token(call)} {
        const std::string_view method = call.incoming.method;
        if (token_.errcode == errcode::ok && method != "GET" && method != "POST")
            token_.errcode = errcode::require_get;
    }
    [[nodiscard]] int errcode() const noexcept { return token_.errcode; }
    [[nodiscard]] key_proof proof() {
        return {token_.appid, fields_.text("openid"), fields_.text("signature"), fields_.text("sig_method")};
    }

private:
    call_fields fields_;
    token_check token_;
};

std::string key_info(const encrypt_key& key) {
    return fmt::format(
        R"({{"encrypt_key":"{}","version":{},"expire_in":{},"iv":"{}","create_time":{}}})", key.key,
        key.version, key.expires_in.count(), key.iv, key.made_at.time_since_epoch().count());
}

} // namespace

answer check_session(const endpoint_call& call) {
    proven_call asked{call};
    if (asked.errcode() != errcode::ok) return refuse(call, asked.errcode());
    if (const int refused = check_session_key(call.everything, asked.proof())) return refuse(call, refused);
    return accept(call, R"({"errcode":0,"errmsg":"ok"})");
}

answer reset_session(const endpoint_call& call) {
    proven_call asked{call};
    if (asked.errcode() != errcode::ok) return refuse(call, asked.errcode());
    const key_proof proof = asked.proof();
    const reset_outcome outcome = reset_session_key(call.everything, proof);
    if (outcome.errcode != errcode::ok) return refuse(call, outcome.errcode);
    std::string body =
        fmt::format(R"({{"errcode":0,"errmsg":"ok","openid":"{}","session_key":")", proof.openid);
    append_key(body, outcome.key, call.style);
    return accept(call, body + "\"}");
}

answer get_user_encrypt_key(const endpoint_call& call) {
    proven_call asked{call};
    if (asked.errcode() != errcode::ok) return refuse(call, asked.errcode());
    const encrypt_keys_outcome outcome = user_encrypt_keys(call.everything, asked.proof());
    if (outcome.errcode != errcode::ok) return refuse(call, outcome.errcode);
    std::string list;
    for (const encrypt_key& each : outcome.keys) list += (list.empty() ? "" : ",") + key_info(each);
    return accept(call, R"({"errcode":0,"errmsg":"ok","key_info_list":[)" + list + "]}");
}

} // namespace wxlogind::wechat_sim

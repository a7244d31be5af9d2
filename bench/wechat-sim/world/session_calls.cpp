#include "bench/wechat-sim/world/session_calls.hpp"

#include "bench/wechat-sim/world/errcodes.hpp"
#include "core/base/encoding.hpp"
#include "core/base/hmac.hpp"

#include <algorithm>

namespace wxlogind::wechat_sim {

namespace {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int check_signature(const user_session& session, const key_proof& proof) {
    if (proof.sig_method != "hmac_sha256") return errcode::invalid_sig_method;
    const std::string expected = sign_with_key(session.current.text(), "");
    const bool is_right = std::ranges::equal(proof.signature, expected, {}, &to_lower);
    return is_right ? errcode::ok : errcode::invalid_signature;
}

int check_proof(world& everything, const key_proof& proof) {
    if (proof.openid.empty() || proof.signature.empty()) return errcode::invalid_arguments;
    const auto session = everything.users().find({proof.appid, proof.openid}, everything.now());
    if (!session || session->is_expired) return errcode::session_key_expired;
    return check_signature(*session, proof);
}

} // namespace

std::string sign_with_key(std::string_view session_key, std::string_view message) {
    return hex_encode(as_text(hmac_sha256{session_key}(message)));
}

int check_session_key(world& everything, const key_proof& proof) {
    const auto session = everything.users().find({proof.appid, proof.openid}, everything.now());
    if (!session) return errcode::invalid_openid;
    if (const int refused = check_signature(*session, proof)) return refused;
    return session->is_expired ? errcode::invalid_signature : errcode::ok;
}

reset_outcome reset_session_key(world& everything, const key_proof& proof) {
    if (const int refused = check_proof(everything, proof)) return {refused};
    const app_user who{proof.appid, proof.openid};
    if (!everything.users().rotate(who, everything.now())) return {errcode::session_key_expired};
    const auto session = everything.users().find(who, everything.now());
    if (!session) return {errcode::session_key_expired};
    return {errcode::ok, session->current};
}

encrypt_keys_outcome user_encrypt_keys(world& everything, const key_proof& proof) {
    if (const int refused = check_proof(everything, proof)) return {refused};
    return {errcode::ok, everything.encrypt_keys().keys_of(proof.openid, everything.now())};
}

} // namespace wxlogind::wechat_sim

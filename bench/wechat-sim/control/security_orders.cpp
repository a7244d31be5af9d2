#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"
#include "bench/wechat-sim/wire/certificates.hpp"
#include "core/base/aes_gcm.hpp"
#include "core/base/encoding.hpp"

#include <boost/json/serialize.hpp>

#include <exception>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

platform_signer signer_of(const platform_certificate& made) {
    return {made.number, std::make_shared<const rsa_pss_signer>(secret{made.key_pem})};
}

control_reply show(const platform_certificate& made) {
    const json::object shown{{"certificate", made.pem}, {"certificate_number", made.number}};
    return {201, "application/json", json::serialize(shown)};
}

control_reply switch_on(const control_order& order, std::string_view appid) {
    secured_app keys;
    keys.symmetric_key = base64_decode(required_text(order.body, "symmetric_key")).value_or("");
    if (keys.symmetric_key.size() != gcm_key_bytes)
        throw bad_order{"\"symmetric_key\" has to be base64 of 32 bytes"};
    keys.symmetric_key_number = required_text(order.body, "symmetric_key_number");
    try {
        keys.owner = std::make_shared<const rsa_pss_verifier>(required_text(order.body, "public_key"));
    } catch (const std::invalid_argument& why) {
        throw bad_order{std::string{"\"public_key\" is "} + why.what()};
    }
    keys.is_required = bool_field(order.body, "required").value_or(true);
    const platform_certificate made = make_platform_certificate();
    keys.signer = signer_of(made);
    order.targets.everything.secured().put(appid, std::move(keys));
    return show(made);
}

} // namespace

control_reply secure_app(const control_order& order) {
    refuse_unknown(
        order.body, std::array<std::string_view, 6>{
                        "appid", "symmetric_key", "symmetric_key_number", "public_key", "required", "do"});
    const std::string appid = required_text(order.body, "appid");
    world& everything = order.targets.everything;
    if (!everything.find_app(appid)) throw bad_order{404, "no such app: POST /apps makes one"};
    const auto what = text_field(order.body, "do");
    if (!what) return switch_on(order, appid);

    const auto known = everything.secured().find(appid);
    if (known == nullptr) throw bad_order{409, "the app has no keys yet"};
    if (*what == "off") {
        everything.secured().remove(appid);
        return {204, "", ""};
    }
    secured_app changed = *known;
    if (*what == "finish") {
        changed.old_signer = {};
        everything.secured().put(appid, std::move(changed));
        return {204, "", ""};
    }
    if (*what != "rotate") throw bad_order{R"("do" has to be "rotate", "finish" or "off")"};
    const platform_certificate made = make_platform_certificate();
    changed.old_signer = changed.signer;
    changed.signer = signer_of(made);
    everything.secured().put(appid, std::move(changed));
    return show(made);
}

} // namespace wxlogind::wechat_sim

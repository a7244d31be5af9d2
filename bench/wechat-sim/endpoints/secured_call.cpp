#include "bench/wechat-sim/endpoints/secured_call.hpp"

#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/endpoints/json_body.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"
#include "core/base/aes_gcm.hpp"
#include "core/base/encoding.hpp"
#include "core/base/random.hpp"

#include <fmt/format.h>

#include <charconv>

namespace wxlogind::wechat_sim {

namespace {

using std::chrono::seconds;

constexpr seconds longest_age{300};

seconds since_1970(unix_millis time) {
    return std::chrono::floor<seconds>(time).time_since_epoch();
}

seconds parse_seconds(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return seconds{number};
}

// The four lines that are signed.
std::string text_to_sign(std::string_view url, std::string_view appid, seconds at, std::string_view body) {
    return fmt::format("{}\n{}\n{}\n{}", url, appid, at.count(), body);
}

// What is authenticated beside the ciphertext.
std::string
additional_text(std::string_view url, std::string_view appid, seconds at, std::string_view key_number) {
    return fmt::format("{}|{}|{}|{}", url, appid, at.count(), key_number);
}

std::string signed_by(const platform_signer& who, const std::string& text) {
    return base64_encode(who.key->sign(text));
}

} // namespace

secured_call::secured_call(const request& incoming, query_parameters& parameters, world& everything)
    : everything_{everything}, opened_{incoming} {
    if (!may_be_secured(incoming.path)) return;
    const token_check token = everything.tokens().check(parameters.text("access_token"), everything.now());
    if (token.errcode != errcode::ok) return; // the endpoint says so
    appid_ = token.appid;
    url_ = "https://api.weixin.qq.com" + std::string{incoming.path};
    keys_ = everything.secured().find(appid_);
    const bool is_signed = !field_of(incoming, "Wechatmp-Signature").empty();
    if (keys_ != nullptr && !is_signed && !keys_->is_required) keys_ = nullptr;
    if (keys_ == nullptr) {
        if (is_signed) errcode_ = errcode::no_public_key;
        return;
    }
    errcode_ = open(incoming);
    if (errcode_ != errcode::ok) keys_ = nullptr; // whom WeChat does not know it does not write to
}

// 0, or what is wrong with the request.
int secured_call::open(const request& incoming) {
    const std::string_view appid = field_of(incoming, "Wechatmp-Appid");
    const std::string_view stamp = field_of(incoming, "Wechatmp-TimeStamp");
    const std::string_view signature = field_of(incoming, "Wechatmp-Signature");
    if (appid.empty()) return errcode::signed_appid_missing;
    if (stamp.empty()) return errcode::timestamp_missing;
    if (signature.empty()) return errcode::signature_missing;
    if (appid != appid_) return errcode::appid_of_another_token;
    const seconds at = parse_seconds(stamp);
    if (std::chrono::abs(since_1970(everything_.now()) - at) > longest_age) return errcode::timestamp_expired;
    const auto bytes = base64_decode(signature);
    if (!bytes || !keys_->owner->verify(text_to_sign(url_, appid, at, incoming.body), *bytes))
        return errcode::wrong_signature;

    const json_body encrypted{incoming.body};
    const auto nonce = base64_decode(encrypted.text("iv"));
    const auto ciphertext = base64_decode(encrypted.text("data"));
    const auto tag = base64_decode(encrypted.text("authtag"));
    if (!nonce || !ciphertext || !tag) return errcode::wrong_encryption;
    const auto plain = decrypt_aes_gcm(
        secret{keys_->symmetric_key}, {*nonce, *ciphertext, *tag},
        additional_text(url_, appid, at, keys_->symmetric_key_number));
    if (!plain) return errcode::wrong_encryption;
    const json_body inside{plain->reveal()};
    if (inside.text("_appid") != appid_ || inside.number("_timestamp") != at.count() ||
        inside.text("_n").empty())
        return errcode::wrong_appid;
    plain_ = plain->reveal();
    opened_.body = plain_;
    return errcode::ok;
}

secured_text secured_call::close_body(std::string_view plain, const fault_rule* flaw) const {
    const auto has = [flaw](fault_kind kind) { return flaw != nullptr && flaw->kind == kind; };
    const seconds at =
        since_1970(everything_.now()) - (has(fault_kind::old_answer) ? longest_age + seconds{1} : seconds{0});
    const std::string appid = has(fault_kind::other_appid) ? "wx0000000000000000" : appid_;
    const secret key{
        has(fault_kind::undecipherable) ? std::string(keys_->symmetric_key.size(), 'x')
                                        : keys_->symmetric_key};
    const std::string whole = fmt::format(
        R"({{"_n":"{}","_appid":"{}","_timestamp":{},{})", base64_encode(random_bytes(16)), appid, at.count(),
        plain.substr(1));
    const gcm_text sealed = encrypt_aes_gcm(
        key, random_bytes(gcm_nonce_bytes), whole,
        additional_text(url_, appid, at, keys_->symmetric_key_number));
    secured_text made;
    made.body = fmt::format(
        R"({{"iv":"{}","data":"{}","authtag":"{}"}})", base64_encode(sealed.nonce),
        base64_encode(sealed.ciphertext), base64_encode(sealed.tag));
    std::string to_sign = text_to_sign(url_, appid, at, made.body);
    if (has(fault_kind::bad_signature)) to_sign += '\n';
    made.fields = fmt::format(
        "Wechatmp-Appid: {}\r\nWechatmp-TimeStamp: {}\r\nWechatmp-Serial: {}\r\nWechatmp-Signature: {}\r\n",
        appid, at.count(), has(fault_kind::other_certificate) ? "0123456789ABCDEF" : keys_->signer.number,
        signed_by(keys_->signer, to_sign));
    if (keys_->old_signer.key != nullptr)
        made.fields += fmt::format(
            "Wechatmp-Serial-Deprecated: {}\r\nWechatmp-Signature-Deprecated: {}\r\n",
            keys_->old_signer.number, signed_by(keys_->old_signer, to_sign));
    return made;
}

void secured_call::close(answer& made, const fault_rule* flaw) const {
    if (keys_ == nullptr || made.body.empty()) return;
    if (flaw != nullptr && flaw->kind == fault_kind::unsigned_answer) return;
    secured_text closed = close_body(made.body, flaw);
    secured_text before = everything_.secured().exchange_last(appid_, closed);
    if (flaw != nullptr && flaw->kind == fault_kind::repeated_answer && !before.body.empty())
        closed = std::move(before);
    made.fields = std::move(closed.fields);
    made.body = std::move(closed.body);
}

} // namespace wxlogind::wechat_sim

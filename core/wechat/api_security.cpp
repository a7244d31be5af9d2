#include "core/wechat/api_security.hpp"

#include "core/base/aes_gcm.hpp"
#include "core/base/encoding.hpp"
#include "core/base/json_reading.hpp"
#include "core/base/random.hpp"

#include <initializer_list>
#include <optional>

namespace wxlogind::wechat {

namespace {

failure bad_answer(const char* why) {
    return {errc::wechat_bad_answer, why};
}

std::string joined(char with, std::initializer_list<std::string_view> parts) {
    std::string all;
    for (const std::string_view& each : parts) {
        if (&each != parts.begin()) all += with;
        all += each;
    }
    return all;
}

std::string seconds_of(const api_envelope& about) {
    return std::to_string(about.at.time_since_epoch().count());
}

std::string authenticated_beside(const api_symmetric_key& key, const api_envelope& about) {
    return joined('|', {about.url, about.appid, seconds_of(about), key.number});
}

std::optional<std::string> bytes_in(const json_members& members, std::string_view name) {
    const auto text = members.text(name);
    if (!text || !*text) return std::nullopt;
    return base64_decode(**text);
}

std::optional<gcm_text> read_encrypted(std::string_view body) {
    json_document document{"answer"};
    const auto members = document.read(body);
    if (!members) return std::nullopt;
    auto nonce = bytes_in(*members, "iv");
    auto ciphertext = bytes_in(*members, "data");
    auto tag = bytes_in(*members, "authtag");
    if (!nonce || !ciphertext || !tag) return std::nullopt;
    return gcm_text{std::move(*nonce), std::move(*ciphertext), std::move(*tag)};
}

bool is_about(std::string_view plain, const api_envelope& about) {
    json_document document{"answer"};
    const auto members = document.read(plain);
    if (!members) return false;
    const auto appid = members->text("_appid");
    const auto at = members->integer("_timestamp");
    return appid && *appid && **appid == about.appid && at && *at &&
           **at == about.at.time_since_epoch().count();
}

} // namespace

std::string text_to_sign(const api_envelope& about, std::string_view body) {
    return joined('\n', {about.url, about.appid, seconds_of(about), body});
}

std::string
encrypt_api_body(const api_symmetric_key& key, const api_envelope& about, std::string_view plain) {
    const gcm_text made =
        encrypt_aes_gcm(key.bytes, random_bytes(gcm_nonce_bytes), plain, authenticated_beside(key, about));
    return R"({"iv":")" + base64_encode(made.nonce) + R"(","data":")" + base64_encode(made.ciphertext) +
           R"(","authtag":")" + base64_encode(made.tag) + R"("})";
}

result<secret>
decrypt_api_body(const api_symmetric_key& key, const api_envelope& about, std::string_view body) {
    const auto encrypted = read_encrypted(body);
    if (!encrypted) return bad_answer("the answer is not encrypted");
    auto plain = decrypt_aes_gcm(key.bytes, *encrypted, authenticated_beside(key, about));
    if (!plain) return bad_answer("the answer is not authentic");
    if (!is_about(plain->reveal(), about)) return bad_answer("the answer is not to this app and time");
    return std::move(*plain);
}

} // namespace wxlogind::wechat

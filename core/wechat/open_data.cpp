#include "core/wechat/open_data.hpp"

#include "core/base/aes_cbc.hpp"
#include "core/base/encoding.hpp"
#include "core/base/json_reading.hpp"

#include <algorithm>

namespace wxlogind::wechat {

namespace {

failure invalid(std::string_view what) {
    return {errc::invalid_request, std::string{what}};
}

std::optional<std::string> decode_repaired(std::string_view base64) {
    std::string text{base64};
    std::ranges::replace(text, ' ', '+');
    return base64_decode(text);
}

bool has_right_watermark(const json_members& payload, const watermark_rule& rule) {
    const auto mark = payload.object("watermark");
    if (!mark) return false;
    if (!*mark) return !rule.is_required;
    const auto appid = (*mark)->text("appid");
    const auto seconds = (*mark)->integer("timestamp");
    if (!appid || *appid != rule.appid || !seconds || !*seconds) return false;
    if (rule.longest_age == std::chrono::seconds{0}) return true;
    // Compared without a difference: the number is anybody's.
    const auto now = rule.now.time_since_epoch();
    return **seconds >= (now - rule.longest_age).count() &&
           **seconds <= (now + watermark_may_be_ahead).count();
}

bool is_about(const json_members& payload, std::string_view openid) {
    const auto named = payload.text("openId");
    if (!named) return false;
    return openid.empty() || !*named || **named == openid;
}

bool is_as_ruled(std::string_view text, const watermark_rule& rule) {
    json_document document{"payload"};
    const auto payload = document.read(text);
    return payload && has_right_watermark(*payload, rule) && is_about(*payload, rule.openid);
}

} // namespace

result<signed_text> read_signed_text(std::string_view raw_data, std::string_view signature) {
    if (raw_data.empty()) return invalid("rawData: empty");
    const auto bytes = hex_decode(signature);
    signed_text read;
    if (!bytes || bytes->size() != read.signature.size())
        return invalid("signature: not 40 hexadecimal digits");
    std::ranges::copy(*bytes, read.signature.begin());
    read.text = raw_data;
    return read;
}

result<encrypted_text> read_encrypted_text(std::string_view encrypted_data, std::string_view iv) {
    auto bytes = decode_repaired(encrypted_data);
    if (!bytes || bytes->empty()) return invalid("encryptedData: not base64");
    if (bytes->size() % aes_block_size != 0) return invalid("encryptedData: not made of whole blocks");
    auto vector = decode_repaired(iv);
    if (!vector || vector->size() != aes_block_size) return invalid("iv: not 16 bytes in base64");
    return encrypted_text{std::move(*bytes), std::move(*vector)};
}

bool is_signed_with(const signed_text& what, std::string_view session_key) {
    return is_equal(sha1({what.text, session_key}), what.signature);
}

result<secret> decrypt(const encrypted_text& what, std::string_view session_key, const watermark_rule& rule) {
    const auto refusal = [] {
        return failure{errc::session_key_stale, "not readable with a session_key of this user"};
    };
    const auto decoded = base64_decode(session_key);
    if (!decoded) return refusal();
    const secret key{*decoded};
    const auto opened = decrypt_aes_128_cbc(key.reveal(), what.iv, what.bytes);
    if (!opened) return refusal();
    // Looked at also where the padding is wrong, so that this takes no less time.
    const bool is_right = is_as_ruled(opened->text(), rule);
    if (!is_right || opened->padding == 0) return refusal();
    return secret{opened->text()};
}

} // namespace wxlogind::wechat

#include "bench/wechat-sim/world/open_data.hpp"

#include "bench/wechat-sim/generator.hpp"
#include "bench/wechat-sim/world/phone_calls.hpp"
#include "core/base/encoding.hpp"
#include "core/base/json_text.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace wxlogind::wechat_sim {

namespace {

struct cipher_free {
    void operator()(EVP_CIPHER_CTX* which) const noexcept { EVP_CIPHER_CTX_free(which); }
};

unsigned char* bytes_of(std::string& text) noexcept {
    return reinterpret_cast<unsigned char*>(text.data());
}

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void append_text(std::string& to, std::string_view name, std::string_view text) {
    to += to.back() == '{' ? "\"" : ",\"";
    to += name;
    to += "\":";
    append_json_string(to, text);
}

void append_profile(std::string& to, const profile& who) {
    append_text(to, "nickName", who.nickname);
    to += fmt::format(R"(,"gender":{})", who.gender);
    append_text(to, "language", who.language);
    append_text(to, "city", who.city);
    append_text(to, "province", who.province);
    append_text(to, "country", who.country);
    append_text(to, "avatarUrl", who.avatar_url);
}

std::string finish(std::string payload, const std::optional<watermark>& mark) {
    if (mark) {
        payload += fmt::format(R"(,"watermark":{{"timestamp":{})", mark->at.time_since_epoch().count());
        append_text(payload, "appid", mark->appid);
        payload += '}';
    }
    return payload + '}';
}

} // namespace

std::string raw_user_info(const profile& who) {
    std::string raw = "{";
    append_profile(raw, who);
    return raw + '}';
}

std::string user_info_payload(
    const profile& who, const std::optional<open_identity>& identity, const std::optional<watermark>& mark) {
    std::string payload = "{";
    if (identity) append_text(payload, "openId", identity->openid);
    append_profile(payload, who);
    if (identity && !identity->unionid.empty()) append_text(payload, "unionId", identity->unionid);
    return finish(std::move(payload), mark);
}

std::string phone_payload(const profile& who, const std::optional<watermark>& mark) {
    std::string payload = "{";
    append_text(payload, "phoneNumber", full_number(who.phone, who.country_code));
    append_text(payload, "purePhoneNumber", who.phone);
    append_text(payload, "countryCode", who.country_code);
    return finish(std::move(payload), mark);
}

std::string share_payload(std::string_view group_id, const std::optional<watermark>& mark) {
    std::string payload = "{";
    append_text(payload, "openGId", group_id);
    return finish(std::move(payload), mark);
}

std::string group_payload(std::string_view group_id, const std::optional<watermark>& mark) {
    std::string payload = "{";
    append_text(payload, "opengid", group_id);
    payload += R"(,"chat_type":3)";
    return finish(std::move(payload), mark);
}

std::string steps_payload(std::uint64_t seed, unix_millis now, const std::optional<watermark>& mark) {
    // Days begin at midnight in China.
    constexpr std::chrono::hours ahead{8};
    const auto today = std::chrono::floor<std::chrono::days>(now + ahead);
    generator numbers{seed};
    std::string list;
    for (int days_ago = 30; days_ago >= 0; --days_ago) {
        const unix_seconds midnight = unix_seconds{today - std::chrono::days{days_ago}} - ahead;
        list += fmt::format(
            R"({}{{"timestamp":{},"step":{}}})", list.empty() ? "" : ",", midnight.time_since_epoch().count(),
            numbers.below(20'000));
    }
    return finish(R"({"stepInfoList":[)" + list + "]", mark);
}

sealed_data seal(std::string_view payload, std::string_view session_key, std::string_view iv) {
    const auto key = base64_decode(session_key);
    if (!key || key->size() != 16 || iv.size() != 16)
        throw std::runtime_error{"a session_key and an iv have 16 bytes"};
    const std::unique_ptr<EVP_CIPHER_CTX, cipher_free> cipher{EVP_CIPHER_CTX_new()};
    std::string sealed(payload.size() + 16, '\0');
    int filled = 0;
    int rest = 0;
    if (EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, bytes_of(*key), bytes_of(iv)) != 1 ||
        EVP_EncryptUpdate(
            cipher.get(), bytes_of(sealed), &filled, bytes_of(payload), static_cast<int>(payload.size())) !=
            1 ||
        EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed) + filled, &rest) != 1)
        throw std::runtime_error{"AES-128-CBC failed"};
    sealed.resize(static_cast<std::size_t>(filled) + static_cast<std::size_t>(rest));
    return {base64_encode(sealed), base64_encode(iv)};
}

std::string sign_raw_data(std::string_view raw_data, std::string_view session_key) {
    const std::string both = std::string{raw_data} + std::string{session_key};
    std::string digest(20, '\0');
    unsigned size = 0;
    if (EVP_Digest(both.data(), both.size(), bytes_of(digest), &size, EVP_sha1(), nullptr) != 1 || size != 20)
        throw std::runtime_error{"SHA-1 failed"};
    return hex_encode(digest);
}

} // namespace wxlogind::wechat_sim

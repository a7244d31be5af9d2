#include "core/base/api_keys_check.hpp"

#include "core/base/aes_gcm.hpp"
#include "core/base/encoding.hpp"
#include "core/base/rsa_pss.hpp"

#include <exception>

namespace wxlogind {

namespace {

// The keys without which the signature does not work, and what stands there now.
std::optional<wrong_api_key> find_missing(const api_key_settings& keys) {
    const std::pair<std::string_view, const std::string&> needed[] = {
        {"api_key_file", keys.key_file},
        {"api_key_number", keys.key_number},
        {"api_private_key_file", keys.private_key_file},
        {"api_certificate_file", keys.certificate_file},
        {"api_certificate_number", keys.certificate_number},
    };
    const std::string_view* missing = nullptr;
    bool is_any_there = !keys.private_key_number.empty();
    for (const auto& [name, value] : needed) {
        if (value.empty() && missing == nullptr) missing = &name;
        is_any_there |= !value.empty();
    }
    if (missing == nullptr || !is_any_there) return std::nullopt;
    return wrong_api_key{
        *missing, "is missing (WeChat's API signature needs api_key_file, api_key_number, "
                  "api_private_key_file, api_certificate_file and api_certificate_number together)"};
}

// What `make` finds wrong with the content of `file`.
template <class Make>
std::optional<wrong_api_key>
try_key(std::string_view key, const std::string& file, std::string_view wanted, Make make) {
    try {
        make();
    } catch (const std::exception& why) {
        return wrong_api_key{key, file + ": " + why.what() + " (" + std::string{wanted} + ")"};
    }
    return std::nullopt;
}

} // namespace

std::optional<wrong_api_key> check_api_keys(const api_key_settings& keys) {
    if (auto missing = find_missing(keys)) return missing;
    if (!keys.is_on()) return std::nullopt;
    if (symmetric_key_of(keys).empty())
        return wrong_api_key{
            "api_key_file", keys.key_file + ": not base64 of 32 bytes (the symmetric key of AES256_GCM, as "
                                            "mp.weixin.qq.com shows it)"};
    if (auto wrong = try_key(
            "api_private_key_file", keys.private_key_file,
            "the RSA private key whose public half mp.weixin.qq.com has",
            [&keys] { const rsa_pss_signer attempt{keys.private_key}; }))
        return wrong;
    return try_key(
        "api_certificate_file", keys.certificate_file,
        "WeChat's platform certificate for this app, as mp.weixin.qq.com gives it",
        [&keys] { const rsa_pss_verifier attempt{keys.certificate}; });
}

secret symmetric_key_of(const api_key_settings& keys) {
    auto bytes = base64_decode(keys.key.reveal());
    return bytes && bytes->size() == gcm_key_bytes ? secret{std::move(*bytes)} : secret{};
}

} // namespace wxlogind

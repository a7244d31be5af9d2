// AES-256-GCM (NIST SP 800-38D) with the tag beside the ciphertext, for formats of others. What we keep
// ourselves is sealed by sealing.hpp.
#pragma once

#include "core/base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wxlogind {

inline constexpr std::size_t gcm_key_bytes = 32;
inline constexpr std::size_t gcm_nonce_bytes = 12;
inline constexpr std::size_t gcm_tag_bytes = 16;

struct gcm_text {
    std::string nonce; // never twice under one key
    std::string ciphertext;
    std::string tag;
};

// `beside` is authenticated along. Any thread. Throws std::invalid_argument: a key or nonce of another size;
// std::runtime_error: OpenSSL fails.
[[nodiscard]] gcm_text
encrypt_aes_gcm(const secret& key, std::string nonce, std::string_view plain, std::string_view beside);

// nullopt: it was not made with this key and `beside`, was changed, or a size is wrong.
[[nodiscard]] std::optional<secret>
decrypt_aes_gcm(const secret& key, const gcm_text& what, std::string_view beside);

} // namespace wxlogind

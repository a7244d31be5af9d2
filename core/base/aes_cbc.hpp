// AES-128-CBC (NIST SP 800-38A) with PKCS#7 padding (RFC 5652 section 6.3), for reading what others have
// encrypted. It proves nothing of who did: what was read has to be checked in another way.
#pragma once

#include "core/base/secret.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace wxlogind {

inline constexpr std::size_t aes_block_size = 16;

struct decrypted_text {
    secret bytes;           // padding included
    std::size_t padding{0}; // how much of them it is; 0: it is not right

    [[nodiscard]] std::string_view text() const noexcept {
        return bytes.reveal().substr(0, bytes.reveal().size() - padding);
    }
};

// Decrypts. That the padding is wrong is said apart, and after the same work: a caller that looks at the
// text in either case, and answers alike, is no oracle of it. nullopt: key or iv do not have 16 bytes, or
// the text is not made of whole blocks. Any thread. Throws std::runtime_error when OpenSSL fails.
[[nodiscard]] std::optional<decrypted_text>
decrypt_aes_128_cbc(std::string_view key, std::string_view iv, std::string_view encrypted);

} // namespace wxlogind

// RSA signatures: RSASSA-PSS (RFC 8017 section 8.1) with SHA-256, MGF1 of the same and a salt of 32 bytes.
#pragma once

#include "core/base/secret.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace wxlogind {

// Immutable; any thread.
class rsa_pss_signer {
public:
    // Of a private key in PEM. Throws std::invalid_argument: it is none, needs a passphrase, is not RSA, or
    // has fewer than 2048 bits.
    explicit rsa_pss_signer(const secret& private_key_pem);
    ~rsa_pss_signer();

    // Bytes. Throws std::runtime_error when OpenSSL fails.
    [[nodiscard]] std::string sign(std::string_view text) const;

private:
    struct key;
    std::unique_ptr<const key> key_;
};

// Immutable; any thread.
class rsa_pss_verifier {
public:
    // Of a certificate or a public key in PEM; a certificate is not checked beyond its form. Throws
    // std::invalid_argument as above.
    explicit rsa_pss_verifier(std::string_view pem);
    ~rsa_pss_verifier();

    [[nodiscard]] bool verify(std::string_view text, std::string_view signature) const;

private:
    struct key;
    std::unique_ptr<const key> key_;
};

} // namespace wxlogind

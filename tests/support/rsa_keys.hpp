// RSA key pairs for tests.
#pragma once

#include "core/base/secret.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>
#include <string>

namespace wxlogind::test {

// 2048 bits.
class rsa_key_pair {
public:
    [[nodiscard]] secret private_pem() const {
        return secret{written([this](BIO* into) {
            PEM_write_bio_PrivateKey(into, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
        })};
    }
    [[nodiscard]] std::string public_pem() const {
        return written([this](BIO* into) { PEM_write_bio_PUBKEY(into, key_.get()); });
    }

private:
    struct openssl_free {
        void operator()(EVP_PKEY* which) const noexcept { EVP_PKEY_free(which); }
        void operator()(BIO* which) const noexcept { BIO_free(which); }
    };

    template <class Write>
    static std::string written(Write write) {
        const std::unique_ptr<BIO, openssl_free> into{BIO_new(BIO_s_mem())};
        write(into.get());
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(into.get(), &bytes);
        return {bytes, static_cast<std::size_t>(size)};
    }

    std::unique_ptr<EVP_PKEY, openssl_free> key_{EVP_RSA_gen(2048)};
};

} // namespace wxlogind::test

#include "core/base/sha1.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace wxlogind {

namespace {

struct context_free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

} // namespace

sha1_digest sha1(std::initializer_list<std::string_view> parts) {
    const std::unique_ptr<EVP_MD_CTX, context_free> context{EVP_MD_CTX_new()};
    bool is_done = context != nullptr && EVP_DigestInit_ex2(context.get(), EVP_sha1(), nullptr) == 1;
    for (const std::string_view part : parts)
        is_done = is_done && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    sha1_digest digest{};
    unsigned size = 0;
    is_done = is_done && EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1;
    if (!is_done) throw std::runtime_error{"SHA-1 failed in OpenSSL"};
    return digest;
}

bool is_equal(const sha1_digest& one, const sha1_digest& other) noexcept {
    return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

} // namespace wxlogind

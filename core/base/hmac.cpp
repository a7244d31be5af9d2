// OpenSSL's low-level SHA-256, deprecated in 3.0 but kept: through EVP, a MAC of 200 bytes costs two context
// copies with five allocations, which is more than the hashing itself.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/base/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace wxlogind {

namespace {

constexpr std::size_t block_size = SHA256_CBLOCK;
using block = std::array<unsigned char, block_size>;

std::array<std::uint32_t, 8> state_after(const block& key, unsigned char pad) noexcept {
    block padded{};
    std::transform(key.begin(), key.end(), padded.begin(), [pad](unsigned char byte) {
        return static_cast<unsigned char>(byte ^ pad);
    });
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, padded.data(), padded.size());
    std::array<std::uint32_t, 8> state{};
    std::copy(std::begin(context.h), std::end(context.h), state.begin());
    OPENSSL_cleanse(&context, sizeof context);
    OPENSSL_cleanse(padded.data(), padded.size());
    return state;
}

// A context that has hashed one block and is in `state`.
SHA256_CTX continued_from(const std::array<std::uint32_t, 8>& state) noexcept {
    SHA256_CTX context;
    SHA256_Init(&context);
    std::copy(state.begin(), state.end(), std::begin(context.h));
    context.Nl = block_size * 8;
    return context;
}

} // namespace

hmac_sha256::hmac_sha256(std::string_view key) noexcept {
    block padded_key{};
    if (key.size() > block_size)
        SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), padded_key.data());
    else
        std::copy(key.begin(), key.end(), padded_key.begin());
    inner_ = state_after(padded_key, 0x36);
    outer_ = state_after(padded_key, 0x5c);
    OPENSSL_cleanse(padded_key.data(), padded_key.size());
}

hmac_sha256::~hmac_sha256() {
    OPENSSL_cleanse(inner_.data(), sizeof inner_);
    OPENSSL_cleanse(outer_.data(), sizeof outer_);
}

sha256_digest hmac_sha256::operator()(std::string_view message) const noexcept {
    sha256_digest digest;
    SHA256_CTX context = continued_from(inner_);
    SHA256_Update(&context, message.data(), message.size());
    SHA256_Final(digest.data(), &context);
    context = continued_from(outer_);
    SHA256_Update(&context, digest.data(), digest.size());
    SHA256_Final(digest.data(), &context);
    return digest;
}

bool is_equal(const sha256_digest& one, const sha256_digest& other) noexcept {
    return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

} // namespace wxlogind

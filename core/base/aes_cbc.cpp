#include "core/base/aes_cbc.hpp"

#include <openssl/evp.h>

#include <climits>
#include <memory>
#include <stdexcept>
#include <string>

namespace wxlogind {

namespace {

struct context_free {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

const unsigned char* bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void decrypt_blocks(std::string_view key, std::string_view iv, std::string_view encrypted, std::string& to) {
    const std::unique_ptr<EVP_CIPHER_CTX, context_free> context{EVP_CIPHER_CTX_new()};
    int written = 0;
    // Without OpenSSL's own look at the padding, which would end here, and sooner, when it is wrong.
    if (context == nullptr ||
        EVP_DecryptInit_ex2(context.get(), EVP_aes_128_cbc(), bytes_of(key), bytes_of(iv), nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
        EVP_DecryptUpdate(
            context.get(), reinterpret_cast<unsigned char*>(to.data()), &written, bytes_of(encrypted),
            static_cast<int>(encrypted.size())) != 1)
        throw std::runtime_error{"AES-128-CBC failed in OpenSSL"};
}

// How many bytes of padding there are, 0 where it is not right. Takes the same time whatever stands there.
std::size_t padding_of(std::string_view text) noexcept {
    const unsigned char* const last = bytes_of(text) + text.size() - 1;
    const unsigned pad = *last;
    // One's high bits are set as soon as anything is wrong.
    unsigned wrong = (pad - 1) & ~(aes_block_size - 1);
    for (unsigned i = 0; i < aes_block_size; ++i) {
        const unsigned is_padding = (i - pad) >> (sizeof(unsigned) * CHAR_BIT - 1); // 1 where i < pad
        wrong |= (0U - is_padding) & (*(last - i) ^ pad);
    }
    const unsigned is_right = ((wrong | (0U - wrong)) >> (sizeof(unsigned) * CHAR_BIT - 1)) ^ 1U;
    return static_cast<std::size_t>(pad) * is_right;
}

} // namespace

std::optional<decrypted_text>
decrypt_aes_128_cbc(std::string_view key, std::string_view iv, std::string_view encrypted) {
    if (key.size() != aes_block_size || iv.size() != aes_block_size || encrypted.empty() ||
        encrypted.size() % aes_block_size != 0 || encrypted.size() > INT_MAX)
        return std::nullopt;
    std::string bytes(encrypted.size(), '\0');
    decrypt_blocks(key, iv, encrypted, bytes);
    const std::size_t padding = padding_of(bytes);
    return decrypted_text{secret{std::move(bytes)}, padding};
}

} // namespace wxlogind

#include "core/base/aes_gcm.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace wxlogind {

namespace {

constexpr std::size_t max_bytes = 1u << 30; // OpenSSL counts in int

struct context_free {
    void operator()(EVP_CIPHER_CTX* which) const noexcept { EVP_CIPHER_CTX_free(which); }
};
using context_ptr = std::unique_ptr<EVP_CIPHER_CTX, context_free>;

context_ptr new_context() {
    context_ptr made{EVP_CIPHER_CTX_new()};
    if (made == nullptr) throw std::runtime_error{"no memory for AES-256-GCM"};
    return made;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}
int size_of(std::string_view text) {
    return static_cast<int>(text.size());
}

} // namespace

gcm_text
encrypt_aes_gcm(const secret& key, std::string nonce, std::string_view plain, std::string_view beside) {
    if (key.reveal().size() != gcm_key_bytes || nonce.size() != gcm_nonce_bytes || plain.size() > max_bytes ||
        beside.size() > max_bytes)
        throw std::invalid_argument{"AES-256-GCM takes keys of 32 and nonces of 12 bytes"};
    gcm_text out{std::move(nonce), std::string(plain.size(), '\0'), std::string(gcm_tag_bytes, '\0')};
    const context_ptr context = new_context();
    int written = 0;
    const bool is_done =
        EVP_EncryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), bytes_of(out.nonce)) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &written, bytes_of(beside), size_of(beside)) == 1 &&
        EVP_EncryptUpdate(
            context.get(), bytes_of(out.ciphertext), &written, bytes_of(plain), size_of(plain)) == 1 &&
        EVP_EncryptFinal_ex(context.get(), bytes_of(out.tag), &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(gcm_tag_bytes), out.tag.data()) == 1;
    if (!is_done) throw std::runtime_error{"AES-256-GCM failed"};
    return out;
}

std::optional<secret> decrypt_aes_gcm(const secret& key, const gcm_text& what, std::string_view beside) {
    if (key.reveal().size() != gcm_key_bytes || what.nonce.size() != gcm_nonce_bytes ||
        what.tag.size() != gcm_tag_bytes || what.ciphertext.size() > max_bytes || beside.size() > max_bytes)
        return std::nullopt;
    std::string plain(what.ciphertext.size(), '\0');
    std::string tag = what.tag; // OpenSSL copies it, but wants it writable
    std::string rest(gcm_tag_bytes, '\0');
    const context_ptr context = new_context();
    int written = 0;
    const bool is_authentic =
        EVP_DecryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), bytes_of(what.nonce)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &written, bytes_of(beside), size_of(beside)) == 1 &&
        EVP_DecryptUpdate(
            context.get(), bytes_of(plain), &written, bytes_of(what.ciphertext), size_of(what.ciphertext)) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(gcm_tag_bytes), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), bytes_of(rest), &written) == 1;
    secret out{std::move(plain)}; // wiped where it is not authentic
    if (!is_authentic) return std::nullopt;
    return out;
}

} // namespace wxlogind

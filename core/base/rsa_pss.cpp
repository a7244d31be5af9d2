#include "core/base/rsa_pss.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <stdexcept>

namespace wxlogind {

namespace {

constexpr int salt_bytes = 32;
constexpr int least_bits = 2048;

struct openssl_free {
    void operator()(BIO* which) const noexcept { BIO_free(which); }
    void operator()(EVP_PKEY* which) const noexcept { EVP_PKEY_free(which); }
    void operator()(EVP_MD_CTX* which) const noexcept { EVP_MD_CTX_free(which); }
    void operator()(X509* which) const noexcept { X509_free(which); }
};
template <class T>
using owned = std::unique_ptr<T, openssl_free>;

owned<BIO> reader_of(std::string_view pem) {
    return owned<BIO>{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
}

// Nobody is there to type it.
int no_passphrase(char* /*into*/, int /*size*/, int /*verifies*/, void* /*context*/) {
    return -1;
}

owned<EVP_PKEY> checked(owned<EVP_PKEY> key, const char* what) {
    ERR_clear_error();
    if (key == nullptr) throw std::invalid_argument{std::string{"not "} + what};
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) throw std::invalid_argument{"not an RSA key"};
    if (EVP_PKEY_get_bits(key.get()) < least_bits)
        throw std::invalid_argument{"an RSA key of under 2048 bits"};
    return key;
}

owned<EVP_PKEY> read_private_key(std::string_view pem) {
    const auto from = reader_of(pem);
    return checked(
        owned<EVP_PKEY>{PEM_read_bio_PrivateKey(from.get(), nullptr, &no_passphrase, nullptr)},
        "a private key in PEM without a passphrase");
}

owned<EVP_PKEY> read_public_key(std::string_view pem) {
    const auto as_certificate = reader_of(pem);
    const owned<X509> certificate{PEM_read_bio_X509(as_certificate.get(), nullptr, &no_passphrase, nullptr)};
    if (certificate != nullptr)
        return checked(owned<EVP_PKEY>{X509_get_pubkey(certificate.get())}, "a certificate with a key");
    const auto as_key = reader_of(pem);
    return checked(
        owned<EVP_PKEY>{PEM_read_bio_PUBKEY(as_key.get(), nullptr, &no_passphrase, nullptr)},
        "a certificate or a public key in PEM");
}

bool set_padding(EVP_PKEY_CTX* context) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt_bytes) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1;
}

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

} // namespace

struct rsa_pss_signer::key {
    owned<EVP_PKEY> value;
};
struct rsa_pss_verifier::key {
    owned<EVP_PKEY> value;
};

rsa_pss_signer::rsa_pss_signer(const secret& private_key_pem)
    : key_{new key{read_private_key(private_key_pem.reveal())}} {}
rsa_pss_signer::~rsa_pss_signer() = default;

std::string rsa_pss_signer::sign(std::string_view text) const {
    const owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* padding = nullptr;
    std::size_t size = 0;
    std::string signature;
    bool is_done =
        context != nullptr &&
        EVP_DigestSignInit(context.get(), &padding, EVP_sha256(), nullptr, key_->value.get()) == 1 &&
        set_padding(padding) &&
        EVP_DigestSign(context.get(), nullptr, &size, bytes_of(text), text.size()) == 1;
    if (is_done) {
        signature.resize(size);
        is_done = EVP_DigestSign(
                      context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                      bytes_of(text), text.size()) == 1;
    }
    if (!is_done) {
        ERR_clear_error();
        throw std::runtime_error{"RSA-PSS failed"};
    }
    signature.resize(size);
    return signature;
}

rsa_pss_verifier::rsa_pss_verifier(std::string_view pem) : key_{new key{read_public_key(pem)}} {}
rsa_pss_verifier::~rsa_pss_verifier() = default;

bool rsa_pss_verifier::verify(std::string_view text, std::string_view signature) const {
    const owned<EVP_MD_CTX> context{EVP_MD_CTX_new()};
    EVP_PKEY_CTX* padding = nullptr;
    const bool is_good =
        context != nullptr &&
        EVP_DigestVerifyInit(context.get(), &padding, EVP_sha256(), nullptr, key_->value.get()) == 1 &&
        set_padding(padding) &&
        EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) ==
            1;
    ERR_clear_error(); // what stays there would be taken for the next failure of TLS
    return is_good;
}

} // namespace wxlogind

#include "bench/wechat-sim/wire/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <system_error>

namespace wxlogind::wechat_sim {

namespace {

template <auto Free>
struct freeing {
    template <class T>
    void operator()(T* what) const noexcept {
        Free(what);
    }
};
using key_pointer = std::unique_ptr<EVP_PKEY, freeing<&EVP_PKEY_free>>;
using x509_pointer = std::unique_ptr<X509, freeing<&X509_free>>;
using bio_pointer = std::unique_ptr<BIO, freeing<&BIO_free>>;
using extension_pointer = std::unique_ptr<X509_EXTENSION, freeing<&X509_EXTENSION_free>>;

constexpr long day_seconds = 86400;

void demand(bool is_fine, const char* what) {
    if (!is_fine) throw std::runtime_error{std::string{"OpenSSL cannot "} + what};
}

key_pointer make_key() {
    key_pointer key{EVP_EC_gen("P-256")};
    demand(key != nullptr, "make a P-256 key");
    return key;
}

std::string pem_of(X509* certificate) {
    const bio_pointer memory{BIO_new(BIO_s_mem())};
    demand(memory && PEM_write_bio_X509(memory.get(), certificate) == 1, "write a certificate");
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(EVP_PKEY* key) {
    const bio_pointer memory{BIO_new(BIO_s_mem())};
    demand(
        memory && PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "write a key");
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

void add_extension(X509* to, X509* issuer, int kind, const char* value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    const extension_pointer made{X509V3_EXT_conf_nid(nullptr, &context, kind, value)};
    demand(made && X509_add_ext(to, made.get(), -1) == 1, "add an extension");
}

// Everything but the extensions and the signature.
x509_pointer make_certificate(EVP_PKEY* key, const char* name, long from_days, long to_days) {
    x509_pointer made{X509_new()};
    std::uint64_t serial = 0;
    demand(made != nullptr, "make a certificate");
    demand(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "get random bytes");
    demand(
        X509_set_version(made.get(), X509_VERSION_3) == 1 &&
            ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1) == 1 &&
            X509_gmtime_adj(X509_getm_notBefore(made.get()), from_days * day_seconds) != nullptr &&
            X509_gmtime_adj(X509_getm_notAfter(made.get()), to_days * day_seconds) != nullptr &&
            X509_set_pubkey(made.get(), key) == 1 &&
            X509_NAME_add_entry_by_txt(
                X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                reinterpret_cast<const unsigned char*>(name), -1, -1, 0) == 1,
        "fill in a certificate");
    return made;
}

void sign(X509* what, X509* issuer, EVP_PKEY* key) {
    demand(
        X509_set_issuer_name(what, X509_get_subject_name(issuer)) == 1 &&
            X509_sign(what, key, EVP_sha256()) != 0,
        "sign a certificate");
}

} // namespace

struct certificate_authority::parts {
    key_pointer key;
    x509_pointer certificate;
};

certificate_authority::certificate_authority() : parts_{std::make_unique<parts>()} {
    parts_->key = make_key();
    parts_->certificate = make_certificate(parts_->key.get(), "wechat-sim authority", -1, 3650);
    X509* const mine = parts_->certificate.get();
    X509_set_issuer_name(mine, X509_get_subject_name(mine));
    add_extension(mine, mine, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(mine, mine, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(mine, mine, NID_subject_key_identifier, "hash");
    sign(mine, mine, parts_->key.get());
}

certificate_authority::~certificate_authority() = default;

std::string certificate_authority::pem() const {
    return pem_of(parts_->certificate.get());
}

certificate certificate_authority::issue(certificate_kind kind) const {
    const bool is_expired = kind == certificate_kind::expired;
    const key_pointer key = make_key();
    const x509_pointer leaf =
        make_certificate(key.get(), "api.weixin.qq.com", is_expired ? -30 : -1, is_expired ? -1 : 365);
    X509* const issuer = kind == certificate_kind::self_signed ? leaf.get() : parts_->certificate.get();
    EVP_PKEY* const signer = kind == certificate_kind::self_signed ? key.get() : parts_->key.get();
    add_extension(leaf.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(leaf.get(), issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(leaf.get(), issuer, NID_ext_key_usage, "serverAuth");
    add_extension(
        leaf.get(), issuer, NID_subject_alt_name,
        kind == certificate_kind::wrong_host ? "DNS:wrong.example"
                                             : "DNS:api.weixin.qq.com,DNS:localhost,IP:127.0.0.1,IP:::1");
    sign(leaf.get(), issuer, signer);
    return {pem_of(leaf.get()), pem_of(key.get())};
}

platform_certificate make_platform_certificate() {
    const key_pointer key{EVP_RSA_gen(2048)};
    demand(key != nullptr, "make an RSA key");
    const x509_pointer made = make_certificate(key.get(), "wechat-sim platform", -1, 1825);
    sign(made.get(), made.get(), key.get());
    std::uint64_t serial = 0;
    demand(ASN1_INTEGER_get_uint64(&serial, X509_get0_serialNumber(made.get())) == 1, "tell a serial number");
    return {fmt::format("{:016X}", serial), pem_of(made.get()), pem_of(key.get())};
}

void write_file_atomically(const std::string& path, const std::string& content) {
    const std::string temporary = path + "." + std::to_string(::getpid()) + ".tmp";
    const auto fail = [&temporary](const char* what) {
        const std::system_error error{errno, std::generic_category(), what + (": " + temporary)};
        ::unlink(temporary.c_str());
        throw error;
    };
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) fail("cannot make");
    const ssize_t written = ::write(file, content.data(), content.size());
    if (::close(file) != 0 || written != static_cast<ssize_t>(content.size())) fail("cannot write");
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("cannot rename");
}

} // namespace wxlogind::wechat_sim

#include "tests/support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <random>
#include <stdexcept>

namespace wxlogind::test {

namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* what) const noexcept {
        Free(what);
    }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<&EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<&X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<&BIO_free_all>>;

void require(bool it_worked) {
    if (!it_worked) throw std::runtime_error{"OpenSSL cannot make a test certificate"};
}

void add_extension(X509& to, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, &to, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr);
    X509_add_ext(&to, extension, -1);
    X509_EXTENSION_free(extension);
}

template <class Write>
std::string to_pem(Write write) {
    const bio_ptr memory{BIO_new(BIO_s_mem())};
    require(write(memory.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

// `issuer` nullptr: signed by itself.
certificate make(const certificate_wishes& wishes, bool is_authority, const certificate* issuer) {
    const key_ptr key{EVP_EC_gen("P-256")};
    const x509_ptr made{X509_new()};
    require(key && made);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), std::random_device{}());
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wishes.starts_in.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wishes.ends_in.count());
    X509_set_pubkey(made.get(), key.get());
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
        reinterpret_cast<const unsigned char*>(is_authority ? "test authority" : wishes.host.c_str()), -1, -1,
        0);

    x509_ptr signer;
    key_ptr signing_key;
    if (issuer != nullptr) {
        const bio_ptr text{BIO_new_mem_buf(
            issuer->certificate_pem.data(), static_cast<int>(issuer->certificate_pem.size()))};
        signer.reset(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
        const bio_ptr key_text{
            BIO_new_mem_buf(issuer->key_pem.data(), static_cast<int>(issuer->key_pem.size()))};
        signing_key.reset(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
        require(signer && signing_key);
    }
    X509* const by = signer ? signer.get() : made.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(by));
    add_extension(*made, by, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!is_authority) {
        const bool is_address = wishes.host.find_first_not_of("0123456789.") == std::string::npos;
        add_extension(*made, by, NID_subject_alt_name, (is_address ? "IP:" : "DNS:") + wishes.host);
    }
    require(X509_sign(made.get(), signing_key ? signing_key.get() : key.get(), EVP_sha256()) != 0);

    certificate result;
    result.certificate_pem = to_pem([&](BIO* to) { return PEM_write_bio_X509(to, made.get()); });
    result.key_pem = to_pem([&](BIO* to) {
        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return result;
}

} // namespace

certificate_authority::certificate_authority() : own_{make({}, true, nullptr)} {}

certificate certificate_authority::issue(const certificate_wishes& wishes) const {
    return make(wishes, false, &own_);
}

certificate make_self_signed(const certificate_wishes& wishes) {
    return make(wishes, false, nullptr);
}

} // namespace wxlogind::test

#include "core/net/tls_server_context.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <stdexcept>

namespace wxlogind::net {

namespace {

[[noreturn]] void fail(const std::string& what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    throw std::runtime_error{what + ": " + text.data()};
}

// Nobody is there to type one: without this OpenSSL would ask on the terminal.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

// The only protocol that is spoken here. A client that wants others alone is told so
// (no_application_protocol).
int choose_protocol(
    SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
    unsigned int length, void*) {
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, size, ours.data(), ours.size(), offered, length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

void keep_ticket_keys(SSL_CTX* from, SSL_CTX* to) {
    std::array<unsigned char, 256> keys{};
    const long size = SSL_CTX_get_tlsext_ticket_keys(from, nullptr, 0);
    if (size > 0 && size <= static_cast<long>(keys.size()) &&
        SSL_CTX_get_tlsext_ticket_keys(from, keys.data(), size) == 1)
        (void)SSL_CTX_set_tlsext_ticket_keys(to, keys.data(), size);
    OPENSSL_cleanse(keys.data(), keys.size());
}

// 1970 where it says no time: good at none that is now.
std::tm end_of(const SSL_CTX* context) noexcept {
    std::tm end{};
    end.tm_mday = 1;
    end.tm_year = 70;
    ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context)), &end);
    return end;
}

} // namespace

tls_server_context::tls_server_context(
    const std::string& certificate_file, const std::string& key_file, const tls_server_context* former)
    : context_{SSL_CTX_new(TLS_server_method())} {
    if (context_ == nullptr) fail("TLS");
    try {
        SSL_CTX_set_default_passwd_cb(context_, &no_passphrase);
        if (SSL_CTX_use_certificate_chain_file(context_, certificate_file.c_str()) != 1)
            fail("certificate " + certificate_file);
        if (SSL_CTX_use_PrivateKey_file(context_, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
            fail("key " + key_file);
        if (SSL_CTX_check_private_key(context_) != 1)
            fail("key " + key_file + " is not of certificate " + certificate_file);
        if (SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION) != 1) fail("TLS 1.2");
    } catch (...) {
        SSL_CTX_free(context_);
        throw;
    }
    SSL_CTX_set_options(
        context_, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                      SSL_OP_PRIORITIZE_CHACHA);
    // 34 KB a connection that idles, otherwise.
    SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);
    // Tickets are kept by the clients.
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context_, &choose_protocol, nullptr);
    if (former != nullptr) keep_ticket_keys(former->context_, context_);
}

tls_server_context::~tls_server_context() {
    SSL_CTX_free(context_);
}

bool tls_server_context::has_same_certificate(const tls_server_context& other) const noexcept {
    return X509_cmp(SSL_CTX_get0_certificate(context_), SSL_CTX_get0_certificate(other.context_)) == 0;
}

std::chrono::sys_seconds tls_server_context::not_after() const noexcept {
    std::tm end = end_of(context_);
    return std::chrono::sys_seconds{std::chrono::seconds{::timegm(&end)}};
}

std::string tls_server_context::good_until() const {
    const std::tm end = end_of(context_);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &end)};
}

bool tls_server_context::has_expired() const noexcept {
    return X509_cmp_current_time(X509_get0_notAfter(SSL_CTX_get0_certificate(context_))) < 0;
}

} // namespace wxlogind::net

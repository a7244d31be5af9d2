#include "core/net/tls_server_context.hpp"

#include "core/net/tls_file_trouble.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <stdexcept>

namespace wxlogind::net {

namespace {

// Why the last call failed, without OpenSSL's numbers: what it noted first, the others are who passed it on.
std::string take_reason() {
    const char* const reason = ERR_reason_error_string(ERR_peek_error());
    ERR_clear_error();
    return reason != nullptr ? reason : "OpenSSL does not say why";
}

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error{what + ": " + take_reason()};
}

// A certificate, and one that OpenSSL does not want: it has too small a key, say.
bool is_refused() {
    return ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_SSL;
}

// A key, of the same kind as the certificate's.
bool is_of_another_certificate() {
    const unsigned long why = ERR_peek_error();
    const int reason = ERR_GET_REASON(why);
    return ERR_GET_LIB(why) == ERR_LIB_X509 &&
           (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH);
}

void take_certificate(SSL_CTX* into, const std::string& file) {
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(into, file.c_str()) == 1) return;
    if (is_refused()) fail("certificate " + file);
    throw std::runtime_error{"certificate " + file + ": " + why_no_certificate(file, take_reason())};
}

void take_key(SSL_CTX* into, const std::string& file, const std::string& certificate_file) {
    ERR_clear_error();
    const bool is_taken = SSL_CTX_use_PrivateKey_file(into, file.c_str(), SSL_FILETYPE_PEM) == 1;
    if (is_taken && SSL_CTX_check_private_key(into) == 1) return;
    const bool is_another = is_taken || is_of_another_certificate();
    const std::string reason = take_reason();
    if (is_another)
        throw std::runtime_error{
            "key " + file + " does not fit certificate " + certificate_file +
            ": was one of them renewed without the other? The server's own certificate has to be the first "
            "in "
            "its file"};
    throw std::runtime_error{"key " + file + ": " + why_no_key(file, reason)};
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
        take_certificate(context_, certificate_file);
        take_key(context_, key_file, certificate_file);
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

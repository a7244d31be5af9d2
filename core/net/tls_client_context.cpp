#include "core/net/tls_client_context.hpp"

#include "core/net/tls_file_trouble.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace wxlogind::net {

namespace {

std::string take_openssl_error() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

// OpenSSL calls it for every new session; 1 means that we keep the reference.
int keep_session(SSL* connection, SSL_SESSION* session) {
    auto* const slot = static_cast<tls_session_slot*>(SSL_get_app_data(connection));
    if (slot == nullptr) return 0;
    slot->put(session);
    return 1;
}

} // namespace

tls_client_context::tls_client_context(const std::string& ca_file)
    : context_{SSL_CTX_new(TLS_client_method())} {
    if (context_ == nullptr) throw std::runtime_error{"TLS: " + take_openssl_error()};
    const bool has_certificates = ca_file.empty() ? SSL_CTX_set_default_verify_paths(context_) == 1
                                                  : SSL_CTX_load_verify_file(context_, ca_file.c_str()) == 1;
    if (!has_certificates || SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION) != 1) {
        SSL_CTX_free(context_);
        std::string why = take_openssl_error();
        if (!has_certificates && !ca_file.empty()) why = why_no_certificate(ca_file, why);
        throw std::runtime_error{
            "TLS: certificates of " + (ca_file.empty() ? "the system" : ca_file) + ": " + why};
    }
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_options(context_, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // Sessions are kept by us, per server; the read buffers stay with their connections, which are few and
    // busy.
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context_, &keep_session);
}

tls_client_context::~tls_client_context() {
    SSL_CTX_free(context_);
}

tls_session_slot::~tls_session_slot() {
    SSL_SESSION_free(newest_);
}

void tls_session_slot::put(SSL_SESSION* owned) noexcept {
    SSL_SESSION_free(std::exchange(newest_, owned));
}

} // namespace wxlogind::net

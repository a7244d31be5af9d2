// What every TLS connection to a server shares: versions, the trusted certificates, session tickets.
#pragma once

#include <memory>
#include <string>

using SSL_CTX = struct ssl_ctx_st;
using SSL_SESSION = struct ssl_session_st;

namespace wxlogind::net {

// TLS 1.2 and later; the peer's chain and its host name are verified. Immutable: any thread. A changed CA
// file is read by making a new context.
class tls_client_context {
public:
    // The certificates of `ca_file` (PEM), or the system's when it is empty. Throws std::runtime_error.
    explicit tls_client_context(const std::string& ca_file);
    ~tls_client_context();
    tls_client_context(const tls_client_context&) = delete;
    tls_client_context& operator=(const tls_client_context&) = delete;

    [[nodiscard]] SSL_CTX* native() const noexcept { return context_; }

private:
    SSL_CTX* context_;
};

// The newest session of one server, so that the next handshake is short. In TLS 1.3 it comes after the
// handshake, with the first bytes read (RFC 8446 section 4.6.1). One a reactor and server; that reactor only.
class tls_session_slot {
public:
    tls_session_slot() = default;
    ~tls_session_slot();
    tls_session_slot(const tls_session_slot&) = delete;
    tls_session_slot& operator=(const tls_session_slot&) = delete;

    void put(SSL_SESSION* owned) noexcept; // takes over the reference
    [[nodiscard]] SSL_SESSION* get() const noexcept { return newest_; }

private:
    SSL_SESSION* newest_{nullptr};
};

} // namespace wxlogind::net

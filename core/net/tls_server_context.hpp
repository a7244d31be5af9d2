// What the TLS connections of a listener share: the certificate, versions, session tickets.
#pragma once

#include <chrono>
#include <string>

using SSL_CTX = struct ssl_ctx_st;

namespace wxlogind::net {

// TLS 1.2 and later, HTTP/1.1 by ALPN (RFC 7301), resumption by tickets that need no memory of ours.
// Immutable: any thread. A changed certificate is read by making a new context.
class tls_server_context {
public:
    // PEM files: the certificate with its chain behind it, and its key without a passphrase. The tickets of
    // `former`, if there is one, go on counting. Throws std::runtime_error that names the file and
    // says what is wrong with it. Main thread.
    tls_server_context(
        const std::string& certificate_file, const std::string& key_file,
        const tls_server_context* former = nullptr);
    ~tls_server_context();
    tls_server_context(const tls_server_context&) = delete;
    tls_server_context& operator=(const tls_server_context&) = delete;

    [[nodiscard]] SSL_CTX* native() const noexcept { return context_; }

    [[nodiscard]] bool has_same_certificate(const tls_server_context& other) const noexcept;
    // Until when the certificate is good, as a time and as text ("2027-01-31T12:00:00Z"); and whether that
    // was before now.
    [[nodiscard]] std::chrono::sys_seconds not_after() const noexcept;
    [[nodiscard]] std::string good_until() const;
    [[nodiscard]] bool has_expired() const noexcept;

private:
    SSL_CTX* context_;
};

} // namespace wxlogind::net

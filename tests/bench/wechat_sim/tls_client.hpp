// A blocking TLS client that sees everything: what came, and how it ended.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace wxlogind::test {

enum class stream_end {
    open,         // it has not ended: more may come
    close_notify, // a proper goodbye
    cut,          // FIN without close_notify
    reset,        // RST
    silence,      // nothing came in time
};

struct tls_reply {
    std::string head; // up to and with the empty line
    std::string body; // as Content-Length says, or up to the end
    stream_end end{stream_end::open};
    [[nodiscard]] bool is_whole() const noexcept { return !head.empty() && end == stream_end::open; }
    // The value of a field; "" when absent.
    [[nodiscard]] std::string field(std::string_view name) const;
};

struct session_free {
    void operator()(SSL_SESSION* which) const noexcept { SSL_SESSION_free(which); }
};
using tls_session = std::unique_ptr<SSL_SESSION, session_free>;

class tls_client {
public:
    // Connects to "127.0.0.1:port" and trusts `authority_pem` alone, for `host`. What went wrong is in
    // error(). `resume` may be nullptr.
    tls_client(
        std::string_view address, const std::string& authority_pem, const char* host = "api.weixin.qq.com",
        SSL_SESSION* resume = nullptr, int version = 0);
    ~tls_client();
    tls_client(const tls_client&) = delete;
    tls_client& operator=(const tls_client&) = delete;

    // "" when the handshake succeeded; "certificate: …" when the certificate was refused; else what ended it.
    [[nodiscard]] const std::string& error() const noexcept { return error_; }
    [[nodiscard]] bool is_resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }
    [[nodiscard]] std::string version() const { return SSL_get_version(ssl_.get()); }
    // To be asked for after a reply was read: TLS 1.3 sends it with the first data.
    [[nodiscard]] tls_session session() const { return tls_session{SSL_get1_session(ssl_.get())}; }

    void send(std::string_view bytes);
    // One response. A body without Content-Length goes up to the end.
    tls_reply receive();
    // Everything up to the end, or until nothing comes for a while.
    tls_reply receive_everything();
    tls_reply get(std::string_view target);
    tls_reply
    post(std::string_view target, std::string_view body, std::string_view content_type = "application/json");

    // For all waits from now on; ten seconds before.
    void be_patient_for(std::chrono::milliseconds at_most);

private:
    struct ssl_free {
        void operator()(SSL* which) const noexcept { SSL_free(which); }
        void operator()(SSL_CTX* which) const noexcept { SSL_CTX_free(which); }
    };
    stream_end read_more();
    stream_end end_of(int returned) const;

    int socket_{-1};
    std::unique_ptr<SSL_CTX, ssl_free> context_;
    std::unique_ptr<SSL, ssl_free> ssl_;
    std::string error_;
    std::string buffer_;
};

} // namespace wxlogind::test

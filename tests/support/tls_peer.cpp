#include "tests/support/tls_peer.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace wxlogind::test {

namespace {

void require(bool it_worked, const char* what) {
    if (!it_worked) throw std::runtime_error{std::string{"tls_peer: "} + what};
}

SSL_CTX* make_context(const certificate& own, const peer_settings& settings) {
    SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
    require(context != nullptr, "context");
    BIO* const text =
        BIO_new_mem_buf(own.certificate_pem.data(), static_cast<int>(own.certificate_pem.size()));
    X509* const shown = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    BIO_free_all(text);
    BIO* const key_text = BIO_new_mem_buf(own.key_pem.data(), static_cast<int>(own.key_pem.size()));
    EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
    BIO_free_all(key_text);
    require(SSL_CTX_use_certificate(context, shown) == 1, "certificate");
    require(SSL_CTX_use_PrivateKey(context, key) == 1, "key");
    X509_free(shown);
    EVP_PKEY_free(key);
    if (settings.max_tls_version != 0) {
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, settings.max_tls_version);
        if (settings.max_tls_version < TLS1_2_VERSION) SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    }
    return context;
}

int listen_on(const peer_settings& settings, std::uint16_t& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    require(listener >= 0, "socket");
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(settings.port);
    require(::inet_pton(AF_INET, settings.address.c_str(), &where.sin_addr) == 1, "address");
    socklen_t size = sizeof where;
    require(::bind(listener, reinterpret_cast<sockaddr*>(&where), size) == 0, "bind");
    require(::listen(listener, 128) == 0, "listen");
    require(::getsockname(listener, reinterpret_cast<sockaddr*>(&where), &size) == 0, "getsockname");
    port = ntohs(where.sin_port);
    return listener;
}

} // namespace

peer_script always(std::string response) {
    return [response = std::move(response)](peer_connection& client) {
        while (!client.read_request().empty()) client.send(response);
    };
}

std::string ok(std::string_view body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + std::string{body};
}

// --- one connection

peer_connection::peer_connection(tls_peer& owner, int socket, unsigned index)
    : owner_{owner}, socket_{socket}, index_{index}, ssl_{SSL_new(owner.context_)} {
    SSL_set_fd(ssl_, socket_);
}

peer_connection::~peer_connection() {
    SSL_free(ssl_);
}

bool peer_connection::shake_hands() {
    if (is_secure_) return true;
    is_secure_ = SSL_accept(ssl_) == 1;
    ERR_clear_error();
    if (!is_secure_) return false;
    ++owner_.handshakes_;
    if (SSL_session_reused(ssl_) == 1) ++owner_.resumptions_;
    return true;
}

std::string peer_connection::read_request() {
    if (!shake_hands()) return {};
    for (;;) {
        if (const auto end = unread_.find("\r\n\r\n"); end != std::string::npos) {
            std::string request = unread_.substr(0, end + 4);
            unread_.erase(0, end + 4);
            ++owner_.requests_;
            return request;
        }
        std::array<char, 4096> part{};
        const int count = SSL_read(ssl_, part.data(), static_cast<int>(part.size()));
        ERR_clear_error();
        if (count <= 0) return {};
        unread_.append(part.data(), static_cast<std::size_t>(count));
    }
}

void peer_connection::send(std::string_view plain) {
    if (!shake_hands()) return;
    SSL_write(ssl_, plain.data(), static_cast<int>(plain.size()));
    ERR_clear_error();
}

void peer_connection::send_slowly(std::string_view plain, std::chrono::milliseconds between) {
    for (const char byte : plain) {
        if (owner_.is_stopping_) return;
        send({&byte, 1});
        std::this_thread::sleep_for(between); // is what is tested, not how it is tested
    }
}

void peer_connection::say_goodbye() {
    SSL_shutdown(ssl_);
    ERR_clear_error();
}

void peer_connection::reset() {
    // Disconnecting a TCP socket resets the connection at once; the descriptor stays for its owner to close.
    const sockaddr nobody{AF_UNSPEC, {}};
    require(::connect(socket_, &nobody, sizeof nobody) == 0, "disconnect");
}

void peer_connection::shut_down_output() {
    ::shutdown(socket_, SHUT_WR);
}

void peer_connection::read_raw() {
    std::array<char, 4096> part{};
    [[maybe_unused]] const auto count = ::read(socket_, part.data(), part.size());
}

void peer_connection::wait_for_close() {
    std::array<char, 4096> part{};
    while (::read(socket_, part.data(), part.size()) > 0) {
    }
}

// --- the server

tls_peer::tls_peer(const certificate& own, peer_script script, const peer_settings& settings)
    : context_{make_context(own, settings)},
      script_{std::move(script)},
      listener_{listen_on(settings, port_)} {
    std::signal(SIGPIPE, SIG_IGN); // SSL_write has no MSG_NOSIGNAL
    acceptor_ = std::thread{[this] { accept_all(); }};
}

tls_peer::~tls_peer() {
    is_stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    {
        const std::lock_guard guard{lock_};
        for (const int each : sockets_)
            if (each >= 0) ::shutdown(each, SHUT_RDWR);
    }
    for (std::thread& each : scripts_) each.join();
    SSL_CTX_free(context_);
}

void tls_peer::accept_all() {
    for (unsigned index = 0;; ++index) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ++connections_;
        const std::lock_guard guard{lock_};
        sockets_.push_back(socket);
        scripts_.emplace_back([this, socket, index] {
            peer_connection client{*this, socket, index};
            script_(client);
            const std::lock_guard closing{lock_};
            sockets_[index] = -1;
            ::close(socket);
        });
    }
}

} // namespace wxlogind::test

// A TLS server on loopback that does what a test's script tells it, however wrong.
#pragma once

#include "tests/support/certificates.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using SSL = struct ssl_st;
using SSL_CTX = struct ssl_ctx_st;

namespace wxlogind::test {

class tls_peer;

// One accepted connection, for the script. Blocking; every call returns when the peer is destroyed.
class peer_connection {
public:
    peer_connection(tls_peer& owner, int socket, unsigned index);
    ~peer_connection();
    peer_connection(const peer_connection&) = delete;
    peer_connection& operator=(const peer_connection&) = delete;

    [[nodiscard]] unsigned index() const noexcept { return index_; } // the how-manieth of the peer, from 0

    // False when it failed. The other calls make it first, if nobody has.
    bool shake_hands();
    // Up to and including the empty line; empty when the client has closed.
    std::string read_request();
    void send(std::string_view plain);
    void send_slowly(std::string_view plain, std::chrono::milliseconds between);
    void say_goodbye();      // close_notify
    void reset();            // RST
    void shut_down_output(); // FIN, without close_notify
    void read_raw();         // one read of whatever comes, not deciphered
    // Until the client closes, or the peer is destroyed.
    void wait_for_close();

private:
    tls_peer& owner_;
    int socket_;
    unsigned index_;
    SSL* ssl_;
    bool is_secure_{false};
    std::string unread_{};
};

using peer_script = std::function<void(peer_connection&)>;

// Answers every request with `response`, until the client closes.
[[nodiscard]] peer_script always(std::string response);

// 200 with Content-Length and `body`.
[[nodiscard]] std::string ok(std::string_view body);

struct peer_settings {
    std::string address{"127.0.0.1"};
    std::uint16_t port{0};
    int max_tls_version{0}; // of OpenSSL, e.g. TLS1_2_VERSION; 0 = the newest. Below 1.2 with the old ciphers
};

class tls_peer {
public:
    tls_peer(const certificate& own, peer_script script, const peer_settings& settings = {});
    ~tls_peer();
    tls_peer(const tls_peer&) = delete;
    tls_peer& operator=(const tls_peer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] unsigned connections() const noexcept { return connections_; }
    [[nodiscard]] unsigned handshakes() const noexcept { return handshakes_; }
    [[nodiscard]] unsigned resumptions() const noexcept { return resumptions_; }
    [[nodiscard]] unsigned requests() const noexcept { return requests_; } // whole ones

private:
    friend class peer_connection;
    void accept_all();

    SSL_CTX* context_;
    peer_script script_;
    std::uint16_t port_{0}; // before the listener, which finds it out
    int listener_{-1};
    std::atomic<unsigned> connections_{0};
    std::atomic<unsigned> handshakes_{0};
    std::atomic<unsigned> resumptions_{0};
    std::atomic<unsigned> requests_{0};
    std::atomic<bool> is_stopping_{false};
    std::mutex lock_;
    std::vector<int> sockets_;         // guarded by lock_
    std::vector<std::thread> scripts_; // guarded by lock_
    std::thread acceptor_;
};

} // namespace wxlogind::test

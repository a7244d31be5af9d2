// One side of one TLS connection, without the socket: ciphertext goes in and comes out as bytes.
//
// So whoever owns the socket knows exactly what the kernel has taken, needs no second copy of the buffers,
// and sends the last flight of the handshake together with the request.
#pragma once

#include "core/net/tls_client_context.hpp"
#include "core/net/tls_server_context.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

using SSL = struct ssl_st;

namespace wxlogind::net {

// The reactor's thread only.
class tls_engine {
public:
    enum class step : unsigned char {
        done,       // the handshake is complete; bytes were read or written
        want_input, // needs more from the peer
        closed,     // the peer said good-bye (close_notify)
        failed,     // broken for good; see why()
    };

    // The client's side. `host` is what the certificate has to be for: a name, which is also sent as SNI, or
    // an IP literal. Throws std::bad_alloc.
    tls_engine(const tls_client_context& context, tls_session_slot& sessions, const std::string& host);
    // The server's side. Throws std::bad_alloc.
    explicit tls_engine(const tls_server_context& context);
    ~tls_engine();
    tls_engine(const tls_engine&) = delete;
    tls_engine& operator=(const tls_engine&) = delete;

    // Bytes from the peer. The view has to stay until a step gives want_input.
    void feed(std::string_view ciphertext) noexcept { input_ = ciphertext; }

    // Bytes for the peer, of any step. sent() says how many the kernel has taken.
    [[nodiscard]] std::string_view output() const noexcept {
        return std::string_view{output_}.substr(output_sent_);
    }
    void sent(std::size_t bytes) noexcept;

    step handshake();
    // One record, for up to 16 KiB.
    step write(std::string_view plain);
    // `count` bytes were put into `into`.
    step read(std::span<char> into, std::size_t& count);

    // Whether anything of the peer is still to be read: whatever was not asked for.
    [[nodiscard]] bool has_leftover() const noexcept;
    [[nodiscard]] bool is_resumed() const noexcept;

    // Adds close_notify to the output.
    void say_goodbye();

    // Why it failed, for the log: nothing of what was sent or received.
    [[nodiscard]] std::string why() const;

private:
    friend struct engine_bio;
    step step_after(int result);

    SSL* ssl_;
    std::string_view input_{};
    std::string output_{};
    std::size_t output_sent_{0};
    bool has_failed_{false};
    unsigned long error_{0};
};

} // namespace wxlogind::net

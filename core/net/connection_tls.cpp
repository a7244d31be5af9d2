// A connection's way of speaking TLS.
#include "core/base/log.hpp"
#include "core/net/connection.hpp"

#include <sys/socket.h>

#include <new>

namespace wxlogind::net {

// Under the deadline for a header. False: it failed, or the time is up.
task<bool> connection::shake_hands() {
    enter(phase::header);
    tls_ = std::make_unique<tls_channel>(*group_->tls, buffer_.unread());
    buffer_.consume(buffer_.unread().size());
    for (;;) {
        const tls_engine::step what = tls_->engine().handshake();
        const bool is_sent = co_await send_ciphertext(); // of a failure: the alert that says why
        if (what == tls_engine::step::failed)
            log_debug(
                "a TLS handshake failed", {{"client", peer_.to_string()}, {"why", tls_->engine().why()}});
        if (!is_sent || what == tls_engine::step::failed || what == tls_engine::step::closed) co_return false;
        if (what == tls_engine::step::done) co_return true;
        const std::size_t received = co_await receive_ciphertext();
        if (received == 0) co_return false;
    }
}

// 0: nothing more comes, or the time is up.
task<std::size_t> connection::decipher_more(std::span<char> room) {
    for (;;) {
        std::size_t bytes = 0;
        const tls_engine::step what = tls_->engine().read(room, bytes);
        if (what == tls_engine::step::done) co_return bytes;
        if (what != tls_engine::step::want_input) co_return 0;
        const std::size_t received = co_await receive_ciphertext();
        if (received == 0) co_return 0;
    }
}

// 0: nothing more comes, or the time is up.
task<std::size_t> connection::receive_ciphertext() {
    if (has_expired_ || is_closing_) co_return 0;
    const std::span<char> room = tls_->room();
    const auto [error, bytes] =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), as_result);
    const std::size_t received = error ? take_last_bytes(error, room) : bytes;
    tls_->received(received);
    co_return received;
}

task<bool> connection::send_ciphertext() {
    const std::string_view output = tls_->engine().output();
    const bool is_sent = co_await send_raw(output);
    tls_->engine().sent(output.size());
    co_return is_sent;
}

// So that the client knows the end from a cut. Whether it still can be told is no matter.
void connection::say_goodbye() noexcept {
    if (!tls_ || is_closing_) return;
    try {
        tls_->engine().say_goodbye();
    } catch (const std::bad_alloc&) {
        return;
    }
    const std::string_view output = tls_->engine().output();
    (void)::send(socket_.native_handle(), output.data(), output.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

} // namespace wxlogind::net

// TLS on one accepted connection: its engine, and the ciphertext on the way to it.
#pragma once

#include "core/net/tls_engine.hpp"
#include "core/net/tls_server_context.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace wxlogind::net {

// The reactor's thread only.
class tls_channel {
public:
    // `early` is what has come on the connection already. Throws std::bad_alloc.
    tls_channel(const tls_server_context& context, std::string_view early) : engine_{context}, early_{early} {
        engine_.feed(early_);
    }

    [[nodiscard]] tls_engine& engine() noexcept { return engine_; }

    // Where ciphertext is to be put when the engine wants input, and how much was.
    [[nodiscard]] std::span<char> room() noexcept { return ciphertext_; }
    void received(std::size_t bytes) noexcept { engine_.feed({ciphertext_.data(), bytes}); }

private:
    tls_engine engine_;
    std::string early_;
    std::array<char, 4096> ciphertext_{};
};

} // namespace wxlogind::net

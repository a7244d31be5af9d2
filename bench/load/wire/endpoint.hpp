// Where a server listens, and connections to it.
#pragma once

#include "core/net/listening_socket.hpp"

#include <string>
#include <string_view>

#include <sys/socket.h>

namespace wxlogind::load {

// "127.0.0.1:8080", "[::1]:8080", "name:8080", "unix:/path"; "http://" before and "/" behind are passed over.
class endpoint {
public:
    // Looks the name up. Throws std::runtime_error that names `text` and what is wrong with it.
    explicit endpoint(std::string_view text);

    // A socket that is connected, or about to be: writable then. Not open (errno tells why) when it fails at
    // once.
    [[nodiscard]] net::file_descriptor connect() const noexcept;

    // For the Host field and messages.
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    // 0 for a Unix-domain socket.
    [[nodiscard]] unsigned port() const noexcept;
    [[nodiscard]] bool is_unix() const noexcept { return address_.ss_family == AF_UNIX; }
    [[nodiscard]] bool is_on_this_machine() const noexcept;

private:
    std::string text_;
    sockaddr_storage address_{};
    socklen_t size_{0};
};

} // namespace wxlogind::load

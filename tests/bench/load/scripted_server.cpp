#include "tests/bench/load/scripted_server.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wxlogind::test {

scripted_server::scripted_server(script what) : what_{std::move(what)} {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    if (listening_ < 0 || ::bind(listening_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 ||
        ::listen(listening_, 1024) != 0 ||
        ::getsockname(listening_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
        throw std::runtime_error{"the scripted server cannot listen"};
    address_ = "127.0.0.1:" + std::to_string(ntohs(where.sin_port));
    accepting_ = std::jthread{[this] { accept_all(); }};
}

scripted_server::~scripted_server() {
    is_over_ = true;
    ::shutdown(listening_, SHUT_RDWR);
    accepting_ = {};
    {
        const std::scoped_lock locked{mutex_};
        for (const int each : open_) ::shutdown(each, SHUT_RDWR);
    }
    threads_.clear();
    ::close(listening_);
}

void scripted_server::accept_all() {
    while (!is_over_) {
        const int connection = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        const int on = 1;
        ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ++connections_;
        const std::scoped_lock locked{mutex_};
        open_.push_back(connection);
        threads_.emplace_back([this, connection] { serve(connection); });
    }
}

void scripted_server::serve(int connection) {
    std::string received;
    std::array<char, 4096> buffer{};
    for (bool goes_on = true; goes_on && !is_over_;) {
        const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (got <= 0) break;
        received.append(buffer.data(), static_cast<std::size_t>(got));
        for (std::size_t end = received.find("\r\n\r\n"); goes_on && end != std::string::npos;
             end = received.find("\r\n\r\n")) {
            const deed done = what_(std::string_view{received}.substr(0, end), requests_++);
            received.erase(0, end + 4);
            for (const std::string& piece : done.pieces)
                (void)::send(connection, piece.data(), piece.size(), MSG_NOSIGNAL);
            goes_on = !done.closes;
        }
    }
    const std::scoped_lock locked{mutex_};
    std::erase(open_, connection);
    ::close(connection);
}

std::string
scripted_server::answer(std::string_view status, std::string_view body, std::string_view more_fields) {
    std::string text = "HTTP/1.1 ";
    text.append(status).append("\r\n").append(more_fields);
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    return text;
}

} // namespace wxlogind::test

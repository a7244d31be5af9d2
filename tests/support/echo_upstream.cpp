#include "tests/support/echo_upstream.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace wxlogind::test {

namespace {

// What stands behind "content-length:" in the head, which is in whatever case.
std::size_t body_size_of(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto at = head.find("\r\ncontent-length:");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 17));
}

} // namespace

echo_upstream::echo_upstream() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 ||
        ::listen(socket_, 64) != 0 || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
        throw std::runtime_error{"the upstream cannot listen"};
    port_ = ntohs(where.sin_port);
    thread_ = std::thread{[this] { run(); }};
}

echo_upstream::~echo_upstream() {
    is_stopping_ = true;
    ::shutdown(socket_, SHUT_RDWR); // wakes accept
    thread_.join();
    ::close(socket_);
}

std::string echo_upstream::address() const {
    return "127.0.0.1:" + std::to_string(port_);
}

void echo_upstream::run() {
    while (!is_stopping_) {
        const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) continue;
        answer(connection);
        ::close(connection);
    }
}

// One request a connection.
void echo_upstream::answer(int connection) {
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string got;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto end = got.find("\r\n\r\n");
        if (end != std::string::npos && got.size() >= end + 4 + body_size_of(got.substr(0, end + 2))) break;
        const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (count <= 0) return;
        got.append(buffer.data(), static_cast<std::size_t>(count));
    }
    ++requests_;
    const std::string reply =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: " +
        std::to_string(got.size()) + "\r\n\r\n" + got;
    static_cast<void>(::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL));
}

} // namespace wxlogind::test

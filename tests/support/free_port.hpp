// A port for a program that cannot pick one itself.
#pragma once

#include <cstdint>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace wxlogind::test {

// Free on 127.0.0.1 a moment ago.
inline std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw std::runtime_error{"no socket"};
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    const bool found = ::bind(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0 &&
                       ::getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size) == 0;
    ::close(fd);
    if (!found) throw std::runtime_error{"no free port"};
    return ntohs(where.sin_port);
}

} // namespace wxlogind::test

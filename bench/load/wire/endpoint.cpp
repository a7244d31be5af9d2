#include "bench/load/wire/endpoint.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>

namespace wxlogind::load {

namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
    throw std::runtime_error{"the address \"" + text + "\" " + why + " (like 127.0.0.1:8080 or unix:/path)"};
}

std::string without_scheme(std::string_view text) {
    if (text.starts_with("http://")) text.remove_prefix(7);
    while (text.ends_with('/')) text.remove_suffix(1);
    return std::string{text};
}

} // namespace

endpoint::endpoint(std::string_view text) : text_{without_scheme(text)} {
    if (text_.starts_with("https://")) refuse(text_, "is one of TLS, which wxlogind does not speak");
    if (text_.starts_with("unix:")) {
        sockaddr_un where{};
        const std::string path = text_.substr(5);
        if (path.empty() || path.size() >= sizeof where.sun_path) refuse(text_, "is no path of a socket");
        where.sun_family = AF_UNIX;
        path.copy(where.sun_path, path.size());
        std::memcpy(&address_, &where, sizeof where);
        size_ = sizeof where;
        return;
    }
    const std::size_t colon = text_.rfind(':');
    if (colon == std::string::npos) refuse(text_, "has no port");
    std::string host = text_.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);

    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), text_.c_str() + colon + 1, &wanted, &found);
    if (error != 0) refuse(text_, std::string{"cannot be looked up: "} + ::gai_strerror(error));
    std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
    size_ = found->ai_addrlen;
    ::freeaddrinfo(found);
}

net::file_descriptor endpoint::connect() const noexcept {
    net::file_descriptor made{::socket(address_.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!made.is_open()) return made;
    const int on = 1;
    if (!is_unix()) ::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address_), size_) == 0) return made;
    if (errno == EINPROGRESS) return made;
    const int why = errno;
    made.reset();
    errno = why;
    return made;
}

unsigned endpoint::port() const noexcept {
    if (address_.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address_).sin_port);
    if (address_.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6&>(address_).sin6_port);
    return 0;
}

bool endpoint::is_on_this_machine() const noexcept {
    if (address_.ss_family == AF_INET) {
        const auto& where = reinterpret_cast<const sockaddr_in&>(address_);
        return (ntohl(where.sin_addr.s_addr) >> 24) == 127;
    }
    if (address_.ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address_).sin6_addr);
    return is_unix();
}

} // namespace wxlogind::load

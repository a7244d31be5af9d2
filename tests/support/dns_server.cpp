#include "tests/support/dns_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace wxlogind::test {

namespace {

constexpr std::size_t header_size = 12;
constexpr std::uint16_t type_a = 1;

void append16(std::string& to, unsigned value) {
    to.push_back(static_cast<char>(value >> 8));
    to.push_back(static_cast<char>(value & 0xff));
}

} // namespace

dns_server::dns_server(dns_answer first)
    : socket_{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)}, answer_{std::move(first)} {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&where), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
        throw std::runtime_error{"dns_server: bind"};
    port_ = ntohs(where.sin_port);
    thread_ = std::thread{[this] { run(); }};
}

dns_server::~dns_server() {
    is_stopping_ = true;
    thread_.join();
    ::close(socket_);
}

std::string dns_server::address() const {
    return "127.0.0.1:" + std::to_string(port_);
}

void dns_server::answer(dns_answer next) {
    const std::lock_guard guard{lock_};
    answer_ = std::move(next);
}

void dns_server::run() {
    while (!is_stopping_) {
        pollfd readable{socket_, POLLIN, 0};
        if (::poll(&readable, 1, 20) <= 0) continue;
        std::array<char, 512> bytes{};
        sockaddr_in from{};
        socklen_t size = sizeof from;
        const auto count =
            ::recvfrom(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
        if (count < static_cast<ssize_t>(header_size)) continue;
        ++queries_;
        const std::string reply = reply_to({bytes.data(), static_cast<std::size_t>(count)});
        if (!reply.empty())
            ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
}

// RFC 1035 section 4.1: header, the question as it came, and the answers, which point back to its name.
std::string dns_server::reply_to(const std::string& query) {
    const std::lock_guard guard{lock_};
    if (answer_.what == dns_answer::kind::silence) return {};

    const std::size_t name_end = query.find('\0', header_size);
    const std::string question = query.substr(header_size, name_end + 5 - header_size);
    const auto type = static_cast<std::uint16_t>(static_cast<unsigned char>(query[name_end + 2]));
    const bool has_addresses = answer_.what == dns_answer::kind::addresses && type == type_a;
    unsigned flags = 0x8180; // a response, recursion available
    if (answer_.what == dns_answer::kind::failure) flags |= 2;
    if (answer_.what == dns_answer::kind::no_such_name) flags |= 3;

    std::string reply = query.substr(0, 2);
    append16(reply, flags);
    append16(reply, 1);
    append16(reply, has_addresses ? static_cast<unsigned>(answer_.addresses.size()) : 0);
    append16(reply, 0);
    append16(reply, 0);
    reply += question;
    if (!has_addresses) return reply;
    for (const std::string& each : answer_.addresses) {
        append16(reply, 0xc000 | header_size);
        append16(reply, type_a);
        append16(reply, 1); // IN
        append16(reply, answer_.ttl >> 16);
        append16(reply, answer_.ttl & 0xffff);
        append16(reply, 4);
        in_addr address{};
        ::inet_pton(AF_INET, each.c_str(), &address);
        reply.append(reinterpret_cast<const char*>(&address), 4);
    }
    return reply;
}

} // namespace wxlogind::test

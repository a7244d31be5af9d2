#include "core/net/listening_socket.hpp"

#include "core/base/config.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace wxlogind::net {

namespace asio = boost::asio;

namespace {

using asio::ip::tcp;
using local_endpoint = asio::local::stream_protocol::endpoint;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

void check(int outcome, const std::string& what) {
    if (outcome != 0) fail(what);
}

void set_option(const file_descriptor& socket, int level, int option, int value) {
    check(::setsockopt(socket.get(), level, option, &value, sizeof value), "setsockopt");
}

file_descriptor open_socket(int family) {
    file_descriptor socket{::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket.is_open()) fail("socket");
    return socket;
}

std::string to_text(const tcp::endpoint& endpoint) {
    const std::string host = endpoint.address().to_string();
    const std::string port = ":" + std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + host + "]" + port : host + port;
}

file_descriptor bind_tcp(const tcp::endpoint& endpoint, bool shares_port) {
    file_descriptor socket = open_socket(endpoint.protocol().family());
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    if (shares_port) set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1);
    if (endpoint.address().is_v6()) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    // Accepted sockets inherit it, which saves a system call for each.
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    const std::string what = "cannot listen on " + to_text(endpoint); // made first: it would change errno
    check(::bind(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())), what);
    return socket;
}

tcp::endpoint local_endpoint_of(const file_descriptor& socket) {
    tcp::endpoint bound;
    auto size = static_cast<socklen_t>(bound.capacity());
    check(::getsockname(socket.get(), bound.data(), &size), "getsockname");
    bound.resize(size);
    return bound;
}

std::string unix_address_of(const file_descriptor& socket) {
    sockaddr_un bound{};
    socklen_t size = sizeof bound;
    check(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&bound), &size), "getsockname");
    const std::size_t most = size - offsetof(sockaddr_un, sun_path);
    return std::string{unix_prefix} + std::string(bound.sun_path, ::strnlen(bound.sun_path, most));
}

listening_sockets bind_tcp_sockets(tcp::endpoint endpoint, std::size_t count) {
    listening_sockets bound;
    // SO_REUSEPORT would let a second wxlogind join us and take half of the connections unnoticed. A socket
    // without it finds out.
    if (endpoint.port() != 0) (void)bind_tcp(endpoint, false);
    bound.sockets.push_back(bind_tcp(endpoint, true));
    endpoint = local_endpoint_of(bound.sockets.front());
    while (bound.sockets.size() < count) bound.sockets.push_back(bind_tcp(endpoint, true));
    bound.address = to_text(endpoint);
    bound.port = endpoint.port();
    return bound;
}

// Whether somebody accepts connections at `endpoint`.
bool is_answered(const local_endpoint& endpoint) {
    const file_descriptor probe = open_socket(AF_UNIX);
    const int outcome = ::connect(probe.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size()));
    return outcome == 0 || (errno != ECONNREFUSED && errno != ENOENT);
}

listening_sockets bind_unix_socket(const std::string& path) {
    if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path))
        throw config_error{"\"unix:" + path + "\" is no path of a Unix-domain socket"};
    const local_endpoint endpoint{path};
    const std::string what = "cannot listen on unix:" + path;

    struct stat existing{};
    if (::lstat(path.c_str(), &existing) == 0) {
        if (!S_ISSOCK(existing.st_mode) || is_answered(endpoint)) {
            errno = EADDRINUSE;
            fail(what);
        }
        check(::unlink(path.c_str()), what);
    }
    file_descriptor socket = open_socket(AF_UNIX);
    check(::bind(socket.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())), what);
    // Nobody can connect before listen(), so that no one slips in before the mode is set.
    check(::chmod(path.c_str(), 0660), what);

    listening_sockets bound;
    bound.sockets.push_back(std::move(socket));
    bound.address = std::string{unix_prefix} + path;
    bound.path_to_remove = path;
    return bound;
}

} // namespace

void file_descriptor::reset() noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
}

tcp::endpoint parse_tcp_address(std::string_view address) {
    const config_error wrong{
        "\"" + std::string{address} + "\" is no \"address:port\", \"[address]:port\" or \"unix:/path\""};
    const std::size_t colon = address.rfind(':');
    if (colon == std::string_view::npos) throw wrong;
    std::string_view host = address.substr(0, colon);
    const std::string_view digits = address.substr(colon + 1);
    if (host.starts_with('[') != (host.find(':') != std::string_view::npos)) throw wrong;
    if (host.starts_with('[')) {
        if (!host.ends_with(']')) throw wrong;
        host = host.substr(1, host.size() - 2);
    }
    std::uint16_t port = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (fault != std::errc{} || end != digits.data() + digits.size()) throw wrong;
    boost::system::error_code error;
    const auto parsed = asio::ip::make_address(std::string{host}, error);
    if (error) throw wrong;
    return {parsed, port};
}

listening_sockets bind_sockets(std::string_view address, std::size_t count) {
    if (address.starts_with(unix_prefix))
        return bind_unix_socket(std::string{address.substr(unix_prefix.size())});
    return bind_tcp_sockets(parse_tcp_address(address), count);
}

listening_sockets adopt_socket(int descriptor, std::size_t count) {
    file_descriptor first{descriptor};
    int is_listening = 0;
    socklen_t size = sizeof is_listening;
    check(
        ::getsockopt(first.get(), SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size), "the socket handed over");
    if (is_listening == 0) {
        errno = EINVAL;
        fail("the socket handed over does not listen");
    }
    check(::fcntl(first.get(), F_SETFL, O_NONBLOCK), "the socket handed over");
    check(::fcntl(first.get(), F_SETFD, FD_CLOEXEC), "the socket handed over");

    listening_sockets adopted;
    int family = 0;
    size = sizeof family;
    check(::getsockopt(first.get(), SOL_SOCKET, SO_DOMAIN, &family, &size), "the socket handed over");
    if (family == AF_UNIX) {
        adopted.address = unix_address_of(first);
        count = 1;
    } else {
        set_option(first, IPPROTO_TCP, TCP_NODELAY, 1);
        const tcp::endpoint endpoint = local_endpoint_of(first);
        adopted.address = to_text(endpoint);
        adopted.port = endpoint.port();
    }
    adopted.sockets.push_back(std::move(first));
    while (adopted.sockets.size() < count) {
        file_descriptor next{::fcntl(adopted.sockets.front().get(), F_DUPFD_CLOEXEC, 3)};
        if (!next.is_open()) fail("the socket handed over");
        adopted.sockets.push_back(std::move(next));
    }
    return adopted;
}

} // namespace wxlogind::net

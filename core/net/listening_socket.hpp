// The descriptors that clients connect to: TCP ports, Unix-domain sockets, or what a service manager hands
// over.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wxlogind::net {

// An owned file descriptor.
class file_descriptor {
public:
    file_descriptor() noexcept = default;
    explicit file_descriptor(int number) noexcept : number_{number} {}
    ~file_descriptor() { reset(); }
    file_descriptor(file_descriptor&& other) noexcept : number_{other.release()} {}
    file_descriptor& operator=(file_descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            number_ = other.release();
        }
        return *this;
    }

    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] bool is_open() const noexcept { return number_ >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }
    void reset() noexcept;

private:
    int number_{-1};
};

// The sockets of one endpoint, bound and not yet listening: one a reactor for TCP, so that the kernel spreads
// connections over them (SO_REUSEPORT), and one alone for a Unix-domain socket. Unix-domain sockets are made
// with mode 0660.
struct listening_sockets {
    std::vector<file_descriptor> sockets;
    std::string address;        // as bound: "127.0.0.1:41213", "[::1]:80", "unix:/run/wxlogind.sock"
    std::uint16_t port{0};      // 0 for a Unix-domain socket
    std::string path_to_remove; // a Unix-domain socket's file that is ours
};

// What an address begins with that names a Unix-domain socket.
inline constexpr std::string_view unix_prefix{"unix:"};

// "192.0.2.1:80" or "[2001:db8::1]:80". Throws config_error for anything else. Any thread.
[[nodiscard]] boost::asio::ip::tcp::endpoint parse_tcp_address(std::string_view address);

// `address` is "192.0.2.1:80", "[2001:db8::1]:80" or "unix:/path"; port 0 takes a free one. Throws
// config_error for anything else, std::system_error when it cannot be bound: in use also means in use by a
// second wxlogind. A Unix socket's file that nobody listens on any more is replaced. Start and main thread
// only.
[[nodiscard]] listening_sockets bind_sockets(std::string_view address, std::size_t count);

// Takes over a descriptor that is bound and listening already (socket activation). `count` duplicates share
// its queue. Throws std::system_error when it is no listening stream socket.
[[nodiscard]] listening_sockets adopt_socket(int descriptor, std::size_t count);

} // namespace wxlogind::net

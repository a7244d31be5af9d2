#include "core/net/one_exchange.hpp"

#include "core/net/listening_socket.hpp"
#include "core/net/response_reader.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace wxlogind::net {

namespace {

using std::chrono::milliseconds;
using endpoint = asio::generic::stream_protocol::endpoint;

constexpr std::size_t max_body = 64u << 20;

[[noreturn]] void fail(const char* what, int error) {
    throw std::system_error{error, std::generic_category(), what};
}

endpoint endpoint_of(std::string_view address) {
    if (address.starts_with(unix_prefix)) {
        const std::string path{address.substr(unix_prefix.size())};
        return asio::local::stream_protocol::endpoint{path};
    }
    return parse_tcp_address(address);
}

class client_socket {
public:
    client_socket(std::string_view address, milliseconds patience) : limit_{steady_clock::now() + patience} {
        const endpoint to = endpoint_of(address);
        socket_ =
            file_descriptor{::socket(to.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
        if (!socket_.is_open()) fail("socket", errno);
        if (::connect(socket_.get(), to.data(), static_cast<socklen_t>(to.size())) == 0) return;
        if (errno != EINPROGRESS) fail("connect", errno);
        wait_for(POLLOUT);
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0) fail("connect", error);
    }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent >= 0)
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            else
                wait_after(POLLOUT, "send");
        }
    }

    // "" = the peer has closed. Good until the next call.
    std::string_view receive() {
        for (;;) {
            const ssize_t got = ::recv(socket_.get(), bytes_.data(), bytes_.size(), 0);
            if (got >= 0) return {bytes_.data(), static_cast<std::size_t>(got)};
            wait_after(POLLIN, "recv");
        }
    }

private:
    void wait_after(short event, const char* what) {
        if (errno == EINTR) return;
        if (errno != EAGAIN) fail(what, errno);
        wait_for(event);
    }

    void wait_for(short event) {
        for (;;) {
            const auto left = std::chrono::ceil<milliseconds>(limit_ - steady_clock::now());
            if (left <= milliseconds{0}) throw std::runtime_error{"no answer in time"};
            pollfd waiting{socket_.get(), event, 0};
            if (::poll(&waiting, 1, static_cast<int>(left.count())) > 0) return;
        }
    }

    const steady_clock::time_point limit_;
    file_descriptor socket_;
    std::array<char, 16384> bytes_;
};

void append_field(std::string& to, std::string_view name, std::string_view value) {
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos)
        throw std::invalid_argument{"a line break in the header field " + std::string{name}};
    to += name;
    to += ": ";
    to += value;
    to += "\r\n";
}

std::string rendered(const question& what) {
    std::string text{to_string(what.verb)};
    text += ' ';
    text += what.target;
    text += " HTTP/1.1\r\n";
    append_field(text, "Host", "localhost");
    append_field(text, "Connection", "close");
    for (const auto& [name, value] : what.fields) append_field(text, name, value);
    if (!what.body.empty()) append_field(text, "Content-Type", "application/json");
    append_field(text, "Content-Length", std::to_string(what.body.size()));
    text += "\r\n";
    text += what.body;
    return text;
}

} // namespace

answer ask(std::string_view address, const question& what, milliseconds patience) {
    const std::string request = rendered(what);
    client_socket to{address, patience};
    to.send(request);
    response_reader reader{max_body};
    for (;;) {
        const std::string_view bytes = to.receive();
        using enum response_reader::progress;
        switch (bytes.empty() ? reader.finish() : reader.feed(bytes)) {
        case more:
            if (bytes.empty()) throw std::runtime_error{"the connection ended without an answer"};
            break;
        case whole: return {reader.status(), reader.take_body()};
        case malformed: throw std::runtime_error{"what answered does not speak HTTP as wxlogind does"};
        }
    }
}

} // namespace wxlogind::net

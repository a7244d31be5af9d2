#include "tests/support/http_client.hpp"

#include "tests/support/overheard.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace wxlogind::test {

namespace {

[[noreturn]] void fail(std::string_view what) {
    throw std::runtime_error{std::string{what} + ": " + std::strerror(errno)};
}

int connect_unix(std::string_view path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) {
        ::close(fd);
        fail("connect " + std::string{path});
    }
    return fd;
}

int connect_tcp(std::string_view address) {
    const std::size_t colon = address.rfind(':');
    const std::string host{address.substr(0, colon)};
    const std::string port{address.substr(colon + 1)};
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(std::stoul(port)));
    if (::inet_pton(AF_INET, host.c_str(), &where.sin_addr) != 1) fail("not an address: " + host);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) {
        ::close(fd);
        fail("connect " + std::string{address});
    }
    return fd;
}

std::string lower_case(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return out;
}

// Status line and fields; the head ends where `head` ends.
http_reply parse_head(std::string_view head) {
    http_reply reply;
    std::size_t end = head.find("\r\n");
    const std::string_view status_line = head.substr(0, end);
    if (status_line.size() < 12 || !status_line.starts_with("HTTP/1."))
        throw std::runtime_error{"not a status line: " + std::string{status_line}};
    std::from_chars(status_line.data() + 9, status_line.data() + 12, reply.status);
    while (end != std::string_view::npos && end + 2 < head.size()) {
        const std::size_t begin = end + 2;
        end = head.find("\r\n", begin);
        const std::string_view line = head.substr(begin, end - begin);
        const std::size_t colon = line.find(": ");
        if (colon == std::string_view::npos) throw std::runtime_error{"not a field: " + std::string{line}};
        reply.fields.emplace(lower_case(line.substr(0, colon)), std::string{line.substr(colon + 2)});
    }
    return reply;
}

} // namespace

std::string http_reply::field(std::string_view lower_case_name) const {
    const auto [first, last] = fields.equal_range(std::string{lower_case_name});
    if (first == last) return {};
    if (std::next(first) != last) throw std::runtime_error{"several fields " + std::string{lower_case_name}};
    return first->second;
}

http_connection::http_connection(std::string_view address, std::chrono::milliseconds patience)
    : fd_{address.starts_with("unix:") ? connect_unix(address.substr(5)) : connect_tcp(address)},
      patience_{patience},
      ear_{listener_to(address)} {}

http_connection::~http_connection() {
    if (fd_ >= 0) ::close(fd_);
}

http_connection::http_connection(http_connection&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)},
      patience_{other.patience_},
      buffer_{std::move(other.buffer_)},
      ear_{std::move(other.ear_)} {}

void http_connection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool http_connection::fill(std::chrono::steady_clock::time_point limit) {
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(limit - std::chrono::steady_clock::now());
        pollfd waiting{fd_, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) throw std::runtime_error{"no answer in time; so far: " + buffer_};
        char bytes[16384];
        const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(got));
        return true;
    }
}

http_reply http_connection::receive(bool is_head) {
    http_reply reply = read_reply(is_head);
    if (ear_ != nullptr) ear_->add(reply);
    return reply;
}

http_reply http_connection::read_reply(bool is_head) {
    const auto limit = std::chrono::steady_clock::now() + patience_;
    std::size_t head_end = 0;
    while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (!fill(limit)) return {};
    http_reply reply = parse_head(std::string_view{buffer_}.substr(0, head_end));
    buffer_.erase(0, head_end + 4);
    const bool has_no_body = is_head || reply.status == 204 || reply.status == 304 || reply.status < 200;
    const std::string length = has_no_body ? "0" : reply.field("content-length");
    if (length.empty()) {
        while (fill(limit)) {
        }
        reply.body = std::exchange(buffer_, {});
        return reply;
    }
    const std::size_t size = std::stoul(length);
    while (buffer_.size() < size)
        if (!fill(limit)) return {};
    reply.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return reply;
}

bool http_connection::closes_within(std::chrono::milliseconds at_most) {
    const auto limit = std::chrono::steady_clock::now() + at_most;
    try {
        while (fill(limit)) buffer_.clear();
        return true;
    } catch (const std::runtime_error&) {
        return false;
    }
}

void http_connection::reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(fd_, -1));
}

std::string get_request(std::string_view target, std::string_view more) {
    std::string out{"GET "};
    out += target;
    out += " HTTP/1.1\r\nHost: test\r\n";
    out += more;
    out += "\r\n";
    return out;
}

namespace {

std::string
request(std::string_view method, std::string_view target, std::string_view body, std::string_view more) {
    std::string out{method};
    out += ' ';
    out += target;
    out += " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: ";
    out += std::to_string(body.size());
    out += "\r\n";
    out += more;
    out += "\r\n";
    out += body;
    return out;
}

} // namespace

std::string post_json_request(std::string_view target, std::string_view body, std::string_view more) {
    return request("POST", target, body, more);
}

http_reply http_get(std::string_view address, std::string_view target, std::string_view more) {
    return http_connection{address}.exchange(get_request(target, more));
}

http_reply
http_post(std::string_view address, std::string_view target, std::string_view body, std::string_view more) {
    return http_connection{address}.exchange(post_json_request(target, body, more));
}

http_reply http_call(
    std::string_view address, std::string_view method, std::string_view target, std::string_view body,
    std::string_view more) {
    return http_connection{address}.exchange(request(method, target, body, more));
}

} // namespace wxlogind::test

#include "bench/load/wire/probe.hpp"

#include "bench/load/wire/reply_scanner.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>

namespace wxlogind::load {

namespace {

using clock = std::chrono::steady_clock;

bool wait_for(int descriptor, short events, clock::time_point limit) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - clock::now());
    pollfd one{descriptor, events, 0};
    return left.count() > 0 && ::poll(&one, 1, static_cast<int>(left.count())) == 1;
}

probe_reply trouble(std::string what) {
    probe_reply none;
    none.trouble = std::move(what);
    return none;
}

} // namespace

probe_reply probe(const endpoint& server, std::string_view request, std::chrono::milliseconds at_most) {
    const auto limit = clock::now() + at_most;
    const net::file_descriptor socket = server.connect();
    if (!socket.is_open()) return trouble(std::strerror(errno));
    if (!wait_for(socket.get(), POLLOUT, limit)) return trouble("no connection within the time");
    // Whether it was refused shows here.
    if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size()))
        return trouble(std::strerror(errno));

    std::string received;
    std::array<char, 16 * 1024> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init)
    for (;;) {
        if (!wait_for(socket.get(), POLLIN, limit)) return trouble("no answer within the time");
        const ssize_t got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
        if (got == 0) return trouble("the connection was closed without an answer");
        if (got < 0) return trouble(std::strerror(errno));
        received.append(buffer.data(), static_cast<std::size_t>(got));
        const scanned_reply reply = scan_reply(received);
        if (reply.is == scanned_reply::state::malformed)
            return trouble("the answer is not one of HTTP/1.1 with a Content-Length");
        if (reply.is == scanned_reply::state::whole) {
            probe_reply answer;
            answer.status = reply.status;
            answer.body = reply.body;
            return answer;
        }
    }
}

} // namespace wxlogind::load

// The receiving side of sd_notify(3): what systemd hears.
#pragma once

#include "tests/support/temporary_directory.hpp"

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace wxlogind::test {

class notify_socket {
public:
    notify_socket() : descriptor_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        path().copy(where.sun_path, sizeof where.sun_path - 1);
        if (descriptor_ < 0 || ::bind(descriptor_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
            throw std::runtime_error{"cannot bind " + path()};
    }
    ~notify_socket() { ::close(descriptor_); }
    notify_socket(const notify_socket&) = delete;
    notify_socket& operator=(const notify_socket&) = delete;

    [[nodiscard]] std::string path() const { return files_.file("notify"); }

    // The next message, which may have several lines; "" when none comes in time.
    std::string next(std::chrono::milliseconds at_most) {
        pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, static_cast<int>(at_most.count())) != 1) return {};
        std::string text(4096, '\0');
        const ssize_t size = ::recv(descriptor_, text.data(), text.size(), 0);
        text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return text;
    }

    // The first message from now on with `text` in it. Throws when none comes in time.
    std::string wait_for(std::string_view text, std::chrono::seconds at_most = std::chrono::seconds{30}) {
        const auto limit = std::chrono::steady_clock::now() + at_most;
        std::string heard;
        while (std::chrono::steady_clock::now() < limit) {
            const std::string message = next(std::chrono::milliseconds{100});
            if (message.find(text) != std::string::npos) return message;
            heard.append(message).append("\n");
        }
        throw std::runtime_error{"nothing about " + std::string{text} + ", but: " + heard};
    }

    // Takes what has arrived until now.
    void forget() {
        while (!next(std::chrono::milliseconds{0}).empty()) {
        }
    }

private:
    temporary_directory files_;
    int descriptor_;
};

} // namespace wxlogind::test

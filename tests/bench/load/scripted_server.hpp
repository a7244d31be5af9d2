// A server on a free port of 127.0.0.1 that answers as the test says, one thread a connection.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace wxlogind::test {

class scripted_server {
public:
    // What becomes of one request: bytes to send, one piece after the other; "" = nothing. `closes`: then
    // close.
    struct deed {
        std::vector<std::string> pieces{};
        bool closes{false};
    };
    // Called with the request's head and how many there were before, on the connection's thread. May sleep.
    using script = std::function<deed(std::string_view head, std::size_t number)>;

    explicit scripted_server(script what);
    ~scripted_server();
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;

    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    [[nodiscard]] std::size_t requests() const noexcept { return requests_; }
    [[nodiscard]] std::size_t connections() const noexcept { return connections_; }

    // A whole answer.
    [[nodiscard]] static std::string
    answer(std::string_view status, std::string_view body, std::string_view more_fields = {});

private:
    void accept_all();
    void serve(int connection);

    script what_;
    int listening_{-1};
    std::string address_;
    std::atomic<std::size_t> requests_{0};
    std::atomic<std::size_t> connections_{0};
    std::atomic<bool> is_over_{false};
    std::mutex mutex_{};
    std::vector<int> open_{};
    std::vector<std::jthread> threads_{};
    std::jthread accepting_{};
};

} // namespace wxlogind::test

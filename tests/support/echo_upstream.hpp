// A business service behind a proxy: answers every request with the head that it got, so that a test sees
// what the proxy lets through.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace wxlogind::test {

class echo_upstream {
public:
    echo_upstream();
    ~echo_upstream();
    echo_upstream(const echo_upstream&) = delete;
    echo_upstream& operator=(const echo_upstream&) = delete;

    // "127.0.0.1:port".
    [[nodiscard]] std::string address() const;
    [[nodiscard]] unsigned requests() const noexcept { return requests_; }

private:
    void run();
    void answer(int connection);

    int socket_;
    unsigned short port_{0};
    std::atomic<bool> is_stopping_{false};
    std::atomic<unsigned> requests_{0};
    std::thread thread_;
};

} // namespace wxlogind::test

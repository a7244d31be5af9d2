// A name server on a loopback UDP port that answers what a test tells it.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace wxlogind::test {

struct dns_answer {
    enum class kind : unsigned char {
        addresses,
        no_such_name, // NXDOMAIN
        failure,      // SERVFAIL
        silence,
    };
    kind what{kind::addresses};
    std::vector<std::string> addresses{}; // IPv4
    std::uint32_t ttl{60};
};

class dns_server {
public:
    explicit dns_server(dns_answer first);
    ~dns_server();
    dns_server(const dns_server&) = delete;
    dns_server& operator=(const dns_server&) = delete;

    // "127.0.0.1:port".
    [[nodiscard]] std::string address() const;
    void answer(dns_answer next);
    [[nodiscard]] unsigned queries() const noexcept { return queries_; }

private:
    void run();
    [[nodiscard]] std::string reply_to(const std::string& query);

    int socket_;
    std::uint16_t port_{0};
    std::atomic<unsigned> queries_{0};
    std::atomic<bool> is_stopping_{false};
    std::mutex lock_;
    dns_answer answer_; // guarded by lock_
    std::thread thread_;
};

} // namespace wxlogind::test

// The HTTP server in this process: on a free port of 127.0.0.1, with reactors of its own.
#pragma once

#include "core/net/http_server.hpp"
#include "core/net/reactor.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <utility>

namespace wxlogind::test {

// Serves from construction to destruction. The services have to outlive it.
class running_server {
public:
    explicit running_server(
        net::http_service& service, const server_settings& settings = {}, unsigned reactors = 1)
        : running_server{{{"127.0.0.1:0", &service}}, settings, reactors} {}

    running_server(
        const std::vector<net::http_endpoint>& endpoints, const server_settings& settings, unsigned reactors)
        : reactors_{reactors}, server_{reactors_, settings, endpoints} {
        server_.start();
        reactors_.start();
    }

    ~running_server() { reactors_.stop_and_join(); }

    [[nodiscard]] const std::string& address(std::size_t endpoint = 0) const {
        return server_.address(endpoint);
    }
    [[nodiscard]] net::http_server& server() noexcept { return server_; }
    [[nodiscard]] net::reactor_pool& reactors() noexcept { return reactors_; }

private:
    net::reactor_pool reactors_;
    net::http_server server_;
};

// Waits until `is_so()` holds, for at most `at_most`; returns whether it does. For what another thread does
// soon; look at the outcome, not at the time.
template <class Condition>
bool comes_true(Condition is_so, std::chrono::milliseconds at_most = std::chrono::seconds{10}) {
    const auto limit = std::chrono::steady_clock::now() + at_most;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() >= limit) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return true;
}

} // namespace wxlogind::test

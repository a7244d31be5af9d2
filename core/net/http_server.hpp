// The server as a whole: endpoints, each with a service and the reactors that serve it.
#pragma once

#include "core/base/config.hpp"
#include "core/base/metrics/report.hpp"
#include "core/net/connection_group.hpp"
#include "core/net/http.hpp"
#include "core/net/reactor.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace wxlogind::net {

class listener;

// Where requests come in, and who answers them. `service` has to outlive the reactors' threads.
struct http_endpoint {
    std::string address; // "address:port", "[v6]:port" or "unix:/path"; port 0 takes a free one
    http_service* service{nullptr};
    bool is_internal{false};
    // A listening descriptor handed over by a service manager, taken in the address's place; -1 = none.
    int adopted{-1};
    // Which reactors serve it; none: all of them.
    reactor_range reactors{};
};

// Constructed, started and destroyed by the main thread. Destroyed before the reactor pool, but after its
// threads have been joined.
//
//     http_server server{reactors, settings, {{settings.listen, &pages}, {settings.internal_listen, &inner,
//     true}}}; server.start(); reactors.start();
//     ...
//     server.stop_accepting();
//     server.finish_current_requests();    // and wait for is_deserted(), for a bounded time
//     server.close_remaining();
//     reactors.stop_and_join();
class http_server {
public:
    // Binds; nobody can connect yet. Throws config_error for an address that is none, std::system_error when
    // it cannot be bound.
    http_server(
        reactor_pool& reactors, const server_settings& settings, const std::vector<http_endpoint>& endpoints);
    ~http_server();
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    // Opens the doors: from here on clients can connect. They are served once the reactors run.
    void start();

    // What a reload changes of how connections are served, checked and not yet in force.
    struct change {
        std::shared_ptr<const connection_rules> public_rules;
        std::shared_ptr<const connection_rules> internal_rules;
        std::size_t max_connections{0};
    };
    // Throws config_error for a trusted proxy that is no address. Any thread.
    [[nodiscard]] static change read_change(const server_settings& settings);
    // For requests that begin from now on, on all connections; a lower max_connections cuts nobody off. Any
    // thread.
    void use(const change& next);

    // Connections of that endpoint that are accepted from now on speak TLS, or, without a context, do not.
    // Any thread; before start() for the first one to do so.
    void use_certificate(std::size_t endpoint, const std::shared_ptr<const tls_server_context>& tls);

    // As bound: "127.0.0.1:41213". In the order of the endpoints.
    [[nodiscard]] const std::string& address(std::size_t endpoint) const {
        return bound_.at(endpoint).address;
    }
    // 0 for a Unix-domain socket.
    [[nodiscard]] std::uint16_t port(std::size_t endpoint) const { return bound_.at(endpoint).port; }

    // The stages of a shutdown. Each is passed on to the reactors and returns at once. Any thread.
    void stop_accepting();          // the ports are closed; who has connected is served
    void finish_current_requests(); // idle connections close, busy ones answer with Connection: close
    void close_remaining();         // whatever is left

    // Connections being served, of all endpoints. Any thread.
    [[nodiscard]] std::size_t open_connections() const noexcept;
    // After stop_accepting(): every port is closed and no connection is left. Without a look at the ports,
    // who waits in a queue that is yet to be emptied would not count. Any thread.
    [[nodiscard]] bool is_deserted() const noexcept;
    // How many there may be at the public endpoints. Any thread.
    [[nodiscard]] std::size_t max_connections() const noexcept { return public_budget_->limit(); }

    // Its connections, in numbers. Any thread.
    void describe(metrics::report& to) const;

private:
    struct bound_endpoint {
        std::string address;
        std::uint16_t port{0};
        std::size_t first_listener{0};
        std::size_t listener_count{0};
        bool is_internal{false};
    };

    // The internal endpoints have a budget of their own: health checks and token checks get through when the
    // public ones are full.
    const std::shared_ptr<connection_budget> public_budget_;
    const std::shared_ptr<connection_budget> internal_budget_;
    std::vector<bound_endpoint> bound_;
    std::vector<std::shared_ptr<listener>> listeners_;
};

} // namespace wxlogind::net

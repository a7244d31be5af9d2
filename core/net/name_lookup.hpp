// One DNS lookup at a time, that another thread can interrupt.
#pragma once

#include "core/net/resolver.hpp"

#include <atomic>
#include <optional>
#include <string>

namespace wxlogind::net {

struct found_addresses {
    address_list endpoints;
    std::optional<std::chrono::seconds> ttl; // the shortest; nullopt when it came from /etc/hosts
};

class name_lookup {
public:
    // Throws std::runtime_error when c-ares cannot be set up or `settings.servers` are not addresses.
    explicit name_lookup(const resolver_settings& settings);
    ~name_lookup();
    name_lookup(const name_lookup&) = delete;
    name_lookup& operator=(const name_lookup&) = delete;

    // Blocks for as long as the name servers take, bounded by query_timeout and tries. A and AAAA records; an
    // address without a route from here is left out unless there is no other. nullopt: no such name, the
    // servers failed or did not answer, or interrupt() was called.
    [[nodiscard]] std::optional<found_addresses> find(const https_origin& origin);

    // Ends a running find(), and makes every later one fail at once. Any thread.
    void interrupt() noexcept;

private:
    const resolver_settings settings_;
    int wake_{-1}; // an eventfd
    std::atomic<bool> is_interrupted_{false};
};

} // namespace wxlogind::net

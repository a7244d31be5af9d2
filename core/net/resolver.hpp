// The addresses of one host, looked up in the background and always at hand.
//
// A thread of its own asks the name servers (c-ares), so that a slow one delays nobody. No request ever waits
// for a lookup: it takes the newest list there is, and a failing name server leaves the last good list.
#pragma once

#include "core/net/https_origin.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace wxlogind::net {

class name_lookup;

// Never empty when it is there.
using address_list = std::vector<boost::asio::ip::tcp::endpoint>;

struct resolver_settings {
    std::chrono::milliseconds interval{60000};         // looked up again after this, or earlier by TTL
    std::chrono::milliseconds shortest_interval{5000}; // however short the TTL is
    std::chrono::milliseconds query_timeout{2000};     // of one query to one server
    int tries{2};                                      // of each server
    std::chrono::milliseconds first_pause{500};        // after a failure; doubles up to `interval`
    std::vector<std::string> servers;                  // "address:port"; empty = the system's
};

class resolver {
public:
    // Starts the thread, unless `origin.host` is an IP literal. Throws std::runtime_error when c-ares cannot
    // be set up or a server's address is not one.
    resolver(const https_origin& origin, const resolver_settings& settings);
    ~resolver(); // interrupts a lookup that is under way
    resolver(const resolver&) = delete;
    resolver& operator=(const resolver&) = delete;

    // The newest list; nullptr before the first lookup has worked. Any thread.
    [[nodiscard]] std::shared_ptr<const address_list> addresses() const;

    // Blocks until there is a list, or `at_most` has passed. For the start of the program. Any thread.
    bool wait_for_addresses(std::chrono::milliseconds at_most) const;

    // Lookups that failed since the start. Any thread.
    [[nodiscard]] std::uint64_t failures() const noexcept {
        return failures_.load(std::memory_order_relaxed);
    }

private:
    void run();
    void publish(address_list found);
    // Sleeps; false when the resolver is being destroyed.
    bool pause(std::chrono::milliseconds span);

    const https_origin origin_;
    const resolver_settings settings_;
    std::atomic<std::uint64_t> failures_{0};
    const std::unique_ptr<name_lookup> lookup_; // nullptr for an IP literal

    mutable std::mutex lock_;
    mutable std::condition_variable changed_;
    std::shared_ptr<const address_list> newest_; // guarded by lock_
    bool is_stopping_{false};                    // guarded by lock_

    std::thread thread_;
};

} // namespace wxlogind::net

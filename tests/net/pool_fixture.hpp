// A pool of short deadlines against a scripted peer, for the tests of the HTTPS client.
#pragma once

#include "core/net/https_pool.hpp"

#include "tests/support/on_reactor.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/tls_peer.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <utility>

namespace wxlogind::test {

using namespace wxlogind::net;
using namespace std::chrono_literals;
using fault = exchange_fault;

inline const std::string request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

inline const certificate_authority& authority() {
    static const certificate_authority made;
    return made;
}
inline const certificate& localhost() {
    static const certificate made = authority().issue();
    return made;
}

// Short, so that the tests are; a tick of the deadlines is 50 ms.
inline https_limits quick() {
    https_limits limits;
    limits.connect_timeout = 300ms;
    limits.tls_timeout = 300ms;
    limits.first_byte_timeout = 300ms;
    return limits;
}

inline task<exchange_outcome> exchange_over(https_pool& pool, https_exchange what) {
    exchange_outcome outcome = co_await pool.exchange(what);
    co_return outcome;
}

struct client {
    explicit client(std::uint16_t port, const https_limits& limits = quick(), std::string host = "localhost")
        : client{https_origin{std::move(host), port}, limits, {}} {}

    client(https_origin origin, const https_limits& limits, const resolver_settings& lookup)
        : upstream{std::move(origin), written_ca(), lookup},
          pool{[&](reactor& home) { return std::make_unique<https_pool>(home, upstream, limits); }} {
        BOOST_TEST_REQUIRE(upstream.names.wait_for_addresses(10s));
    }

    std::future<exchange_outcome> start(https_exchange what = {}, std::chrono::milliseconds within = 5s) {
        what.request = request;
        what.until = steady_clock::now() + within;
        return pool.start<exchange_outcome>([what](https_pool& to) { return exchange_over(to, what); });
    }
    exchange_outcome exchange(std::chrono::milliseconds within = 5s) { return value_of(start({}, within)); }
    net::https_pool::counts counts() {
        return pool.look([](https_pool& of) { return of.count(); });
    }

    std::string written_ca() {
        std::ofstream{directory.file("ca.pem")} << authority().pem();
        return directory.file("ca.pem");
    }

    temporary_directory directory;
    https_upstream upstream;
    on_reactor<https_pool> pool;
};

inline std::string name(exchange_fault f) {
    return std::string{to_string(f)};
}

// One exchange with a peer that follows `script`.
inline exchange_outcome one(peer_script script, std::chrono::milliseconds within = 5s) {
    tls_peer peer{localhost(), std::move(script)};
    client to{peer.port()};
    return to.exchange(within);
}

// A peer that answers its one request with `bytes`, says good-bye and closes.
inline exchange_outcome answered_with(std::string bytes) {
    return one([bytes = std::move(bytes)](peer_connection& with) {
        with.read_request();
        with.send(bytes);
        with.say_goodbye();
    });
}

inline void check_fault(const exchange_outcome& outcome, exchange_fault expected, bool was_sent) {
    BOOST_TEST(name(outcome.fault) == name(expected));
    BOOST_TEST(outcome.was_sent == was_sent);
}

} // namespace wxlogind::test

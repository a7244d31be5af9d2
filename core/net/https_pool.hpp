// A bounded number of kept TLS connections to one server, and HTTP/1.1 exchanges over them.
//
// A request is written at most once: the pool never repeats one. What became of it is told exactly, so that
// the caller can decide: was any of it possibly seen by the server, or certainly not?
#pragma once

#include "core/base/async.hpp"
#include "core/base/stage_times.hpp"
#include "core/net/https_upstream.hpp"
#include "core/net/pool_figures.hpp"
#include "core/net/response_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::net {

class reactor;

// Of one reactor.
struct https_limits {
    std::size_t max_connections{128};
    std::size_t max_opening{16};     // connections being made at a time
    std::size_t max_waiting{2048};   // exchanges waiting for a connection
    std::size_t max_body{64 * 1024}; // bytes of a response's body
    std::chrono::milliseconds connect_timeout{1000};
    std::chrono::milliseconds tls_timeout{1500};
    std::chrono::milliseconds first_byte_timeout{3000};
    std::chrono::milliseconds idle_timeout{20000}; // a kept connection is closed after this
};

// Why there is no response.
enum class exchange_fault : std::uint8_t {
    none,         // there is one
    unwanted,     // the caller lost interest before anything was sent
    queue_full,   // too many exchanges wait for a connection
    no_address,   // the host's name has never been resolved
    connect,      // refused, unreachable, or not within connect_timeout
    tls,          // the handshake failed: certificate, host name, version, or not within tls_timeout
    closed,       // the peer closed or reset the connection
    deadline,     // first_byte_timeout or the exchange's own deadline
    bad_response, // not HTTP/1.x, or over a limit
};

[[nodiscard]] std::string_view to_string(exchange_fault fault) noexcept;

struct exchange_outcome {
    exchange_fault fault{exchange_fault::none};
    // The whole request was handed to the kernel: the server may have acted on it. While false, it has not:
    // a request that is not whole cannot even be deciphered.
    bool was_sent{false};
    // Of the final response; interim ones (1xx) are skipped, redirects are not followed.
    unsigned status{0};
    std::string body{};
    steady_clock::duration took{0};       // from sending to the end; zero when nothing was
    std::vector<response_field> fields{}; // those that were wanted
};

struct https_exchange {
    std::string_view request;         // the whole message; has to stay until the exchange has ended
    steady_clock::time_point until{}; // absolute, everything included
    // Asked before a connection is opened for it, and after a wait for one right before the request is sent.
    // Empty = always wanted.
    std::function<bool()> is_wanted{};
    bool fresh{false};                                 // not over a kept connection
    std::span<const std::string_view> wanted_fields{}; // of the response; have to stay likewise
    stage_times* stages{nullptr};                      // gets `pool` and `wechat`; has to stay likewise
};

// One a reactor and server. The reactor's thread only.
class https_pool {
public:
    https_pool(reactor& home, const https_upstream& upstream, const https_limits& limits);
    // Exchanges that wait end with `deadline`; those that run may outlive it: their coroutines hold what they
    // need. While the reactor still runs, or what waits is never resumed and leaks.
    ~https_pool();
    https_pool(const https_pool&) = delete;
    https_pool& operator=(const https_pool&) = delete;

    // `what` has to stay until the task has ended.
    task<exchange_outcome> exchange(const https_exchange& what);

    // For exchanges and connections from now on. More connections than there may be now end when they are
    // idle.
    void use(const https_limits& limits);

    // The same for any thread, for as long as the pool is there.
    [[nodiscard]] const pool_figures& figures() const noexcept;

    // For tests.
    struct counts {
        std::size_t idle{0};
        std::size_t busy{0};
        std::size_t opening{0};
        std::size_t waiting{0};
        std::uint64_t opened{0};  // handshakes that worked, since the start
        std::uint64_t resumed{0}; // of these, with a session of before
        std::uint64_t reused{0};  // exchanges over a kept connection
    };
    [[nodiscard]] counts count() const noexcept;

    // How long the first of those who wait for a connection has waited; zero when nobody does.
    [[nodiscard]] steady_clock::duration queue_time(steady_clock::time_point now) const noexcept;

    class core;

private:
    std::shared_ptr<core> core_;
};

} // namespace wxlogind::net

// What a connection pool decides, apart from what it does.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wxlogind::net {

// The life of a pooled connection.
enum class connection_state : std::uint8_t {
    connecting,  // TCP
    handshaking, // TLS
    idle,        // kept, may be borrowed
    busy,        // an exchange has it
    closed,
};

enum class connection_event : std::uint8_t {
    connected,
    secured, // the handshake is complete
    borrowed,
    answered, // a whole response, and the connection may go on
    spoilt,   // error, deadline, surplus bytes, Connection: close
    aged,     // kept for too long without work
};

// Anything that does not fit closes the connection: that is always safe.
[[nodiscard]] constexpr connection_state next_state(connection_state now, connection_event event) noexcept {
    using enum connection_state;
    switch (event) {
    case connection_event::connected: return now == connecting ? handshaking : closed;
    case connection_event::secured:
        return now == handshaking ? busy : closed; // of the exchange that opened it
    case connection_event::borrowed: return now == idle ? busy : closed;
    case connection_event::answered: return now == busy ? idle : closed;
    case connection_event::aged: return now == busy ? busy : closed;
    case connection_event::spoilt: return closed;
    }
    return closed;
}

struct pool_load {
    std::size_t idle{0};
    std::size_t busy{0};
    std::size_t opening{0};
    std::size_t waiting{0};
};

struct pool_bounds {
    std::size_t max_connections{1};
    std::size_t max_opening{1};
    std::size_t max_waiting{0};
};

// How an exchange comes to a connection.
enum class admission : std::uint8_t {
    reuse,          // the idle one that was used last
    open,           // a new one
    replace_oldest, // a new one, in the place of the idle one that was used least recently
    wait,           // in the queue
    refuse,         // the queue is full
};

// `fresh`: not over a kept connection. Whoever comes new queues up behind those who wait; `is_first` is the
// first of these asking again.
[[nodiscard]] constexpr admission
admit(const pool_load& load, const pool_bounds& bounds, bool fresh, bool is_first) noexcept {
    const admission later = load.waiting < bounds.max_waiting ? admission::wait : admission::refuse;
    if (load.waiting != 0 && !is_first) return later;
    if (load.idle != 0 && !fresh) return admission::reuse;
    if (load.opening >= bounds.max_opening) return later;
    if (load.idle + load.busy + load.opening < bounds.max_connections) return admission::open;
    return load.idle != 0 ? admission::replace_oldest : later;
}

} // namespace wxlogind::net

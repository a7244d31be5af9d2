// A connection pool in numbers.
#pragma once

#include "core/base/metrics/counters.hpp"

namespace wxlogind::net {

// The pool's reactor sets, any thread reads.
struct pool_figures {
    metrics::gauge idle;
    metrics::gauge busy;
    metrics::gauge opening;
    metrics::gauge waiting;
    metrics::gauge limit;     // of connections
    metrics::counter opened;  // handshakes that worked
    metrics::counter resumed; // of these, with a session of before
    metrics::counter failed;  // connections that could not be made
    metrics::counter reused;  // exchanges over a kept connection
};

} // namespace wxlogind::net

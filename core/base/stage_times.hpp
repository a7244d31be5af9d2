// Where the time of one request went, stage by stage: for the line of a slow one, and for whoever counts.
#pragma once

#include <chrono>

namespace wxlogind {

// Zero: the request did not come there, or was through at once. What the stages leave of the whole is our own
// work and the wait for the event loop.
struct stage_times {
    using duration = std::chrono::steady_clock::duration;

    duration read{0};   // from its first byte to its last
    duration held{0};   // refused, until it was told so
    duration pool{0};   // until there was a connection to WeChat: queued up, and made where none was kept
    duration wechat{0}; // from sending to WeChat until its answer was whole; of all tries
    duration queue{0};  // until the writer took the write
    duration commit{0}; // until it was durable
    duration write{0};  // of the answer, to the client
};

// Adds the time since `from`, and begins anew there.
inline void add_since(
    stage_times::duration& to, std::chrono::steady_clock::time_point& from,
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now()) noexcept {
    to += now - from;
    from = now;
}

} // namespace wxlogind

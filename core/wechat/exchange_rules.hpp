// What the outcome of an HTTPS exchange says, whatever was asked.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/https_pool.hpp"

#include <algorithm>
#include <chrono>

namespace wxlogind::wechat {

// Worth a second try over a new connection: nothing of it can have been seen.
[[nodiscard]] inline bool is_lost_unsent(const net::exchange_outcome& outcome) noexcept {
    using net::exchange_fault;
    return !outcome.was_sent &&
           (outcome.fault == exchange_fault::connect || outcome.fault == exchange_fault::tls ||
            outcome.fault == exchange_fault::closed);
}

// Nobody was asked: the client left, or there was no connection to be had in time.
[[nodiscard]] inline bool is_unasked(const net::exchange_outcome& outcome) noexcept {
    using net::exchange_fault;
    return !outcome.was_sent &&
           (outcome.fault == exchange_fault::unwanted || outcome.fault == exchange_fault::queue_full ||
            outcome.fault == exchange_fault::deadline);
}

// For Retry-After, which knows no less.
[[nodiscard]] inline std::chrono::seconds whole_seconds(std::chrono::milliseconds span) {
    return std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(span));
}

[[nodiscard]] inline failure unavailable(std::chrono::seconds retry_after = std::chrono::seconds{0}) {
    failure why{errc::wechat_unavailable, "WeChat cannot be reached"};
    why.retry_after = retry_after;
    return why;
}

} // namespace wxlogind::wechat

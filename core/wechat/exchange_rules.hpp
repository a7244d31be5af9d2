// What the outcome of an HTTPS exchange says, whatever was asked.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/https_pool.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

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

// For an operator: what to look at while WeChat cannot be connected to, and while it does not answer. Either
// is tried again without anybody's doing.
inline constexpr std::string_view connection_to_check{
    "wechat.base_url and ca_file, the name service, and whether this machine may open connections to port "
    "443"};
inline constexpr std::string_view silence_to_check{
    "whether WeChat has a disturbance, and what stands between; wechat.timeout_ms, if it is below a second"};

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

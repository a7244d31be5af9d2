// What the outcome of an HTTPS exchange says, whatever was asked.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/https_pool.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

// Worth a second try over a new connection: nothing of it can have been seen.
[[nodiscard]] inline bool is_lost_unsent(const net::exchange_outcome& outcome) noexcept {
    using net::exchange_fault;
    return !outcome.was_sent &&
           (outcome.fault == exchange_fault::connect || outcome.fault == exchange_fault::tls ||
            outcome.fault == exchange_fault::closed);
}

// After -1 (WeChat is busy) it is asked again, so many times at most, each after a pause.
inline constexpr unsigned most_busy_answers = 2;
[[nodiscard]] inline std::chrono::milliseconds pause_after_busy(std::minstd_rand& chance) noexcept {
    return std::chrono::milliseconds{50 + chance() % 150};
}

// Nobody was asked: the client left, or there was no connection to be had in time.
[[nodiscard]] inline bool is_unasked(const net::exchange_outcome& outcome) noexcept {
    using net::exchange_fault;
    return !outcome.was_sent &&
           (outcome.fault == exchange_fault::unwanted || outcome.fault == exchange_fault::queue_full ||
            outcome.fault == exchange_fault::deadline);
}

// Why nothing could be sent, for everybody; and for the operator what to look at. All of it is tried again
// without anybody's doing.
struct obstacle {
    net::exchange_fault fault;
    std::string_view why; // no two alike
    std::string_view check;
};
inline constexpr std::array<obstacle, 5> obstacles{{
    {net::exchange_fault::none, "WeChat cannot be reached",
     "the warnings before this one: they say what has failed"},
    {net::exchange_fault::no_address, "WeChat cannot be reached: its name has no address",
     "the name service of this machine (`getent hosts` with the host of wechat.base_url), and that base_url "
     "is spelt right"},
    {net::exchange_fault::connect, "WeChat cannot be reached: no connection",
     "whether this machine may open connections to port 443 (firewall, NAT, security group); \"no connection "
     "to an upstream\" has the address and the reason"},
    {net::exchange_fault::tls, "WeChat cannot be reached: no TLS",
     "wechat.ca_file (\"\": the package ca-certificates), the clock of this machine, and whether something "
     "between intercepts TLS; \"no connection to an upstream\" has the reason"},
    {net::exchange_fault::closed, "WeChat cannot be reached: connections are closed at once",
     "what stands between this machine and WeChat: a proxy or firewall that closes connections"},
}};

// What to look at while WeChat is connected to and does not answer.
inline constexpr std::string_view silence_to_check{
    "whether WeChat has a disturbance, and what stands between; wechat.timeout_ms, if it is below a second"};

[[nodiscard]] inline const obstacle& obstacle_of(net::exchange_fault fault) noexcept {
    const auto* const found = std::ranges::find(obstacles, fault, &obstacle::fault);
    return found == obstacles.end() ? obstacles.front() : *found;
}

// What to look at for a failure that one of unavailable() is; silence_to_check for others.
[[nodiscard]] inline std::string_view check_against(const failure& why) noexcept {
    const auto* const found = std::ranges::find(obstacles, why.detail, &obstacle::why);
    return found == obstacles.end() ? silence_to_check : found->check;
}

// For Retry-After, which knows no less.
[[nodiscard]] inline std::chrono::seconds whole_seconds(std::chrono::milliseconds span) {
    return std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(span));
}

[[nodiscard]] inline failure unavailable(net::exchange_fault because) {
    return {errc::wechat_unavailable, std::string{obstacle_of(because).why}};
}
// Nothing was tried: it failed just now.
[[nodiscard]] inline failure unavailable(std::chrono::seconds retry_after) {
    failure why = unavailable(net::exchange_fault::none);
    why.retry_after = retry_after;
    return why;
}

// What an exchange without a response means to whoever asked. `in_line`: of a full queue; `lost`: of a
// request that was sent, and whose connection was closed then.
[[nodiscard]] inline failure
unanswered(const net::exchange_outcome& outcome, const char* in_line, errc lost) {
    using net::exchange_fault;
    if (outcome.fault == exchange_fault::queue_full) return {errc::overloaded, in_line};
    if (!outcome.was_sent) return unavailable(outcome.fault);
    if (outcome.fault == exchange_fault::deadline)
        return {errc::wechat_timeout, "WeChat did not answer in time"};
    if (outcome.fault == exchange_fault::bad_response)
        return {errc::wechat_bad_answer, "WeChat's answer is not HTTP"};
    return {lost, "WeChat's answer was lost"};
}

} // namespace wxlogind::wechat

#include "bench/wechat-sim/faults/fault_rule.hpp"

#include <algorithm>
#include <array>

namespace wxlogind::wechat_sim {

namespace {

// In the order of fault_kind.
constexpr std::array<std::string_view, 32> names = {
    "refuse_accept",
    "tls_stall",
    "wrong_certificate",
    "latency",
    "hang",
    "reset_before",
    "reset_after",
    "drop_after",
    "tls_eof",
    "errcode",
    "html",
    "status",
    "garbage",
    "body",
    "reset_mid_body",
    "slow_trickle",
    "idle_close",
    "no_content_length",
    "wrong_content_length",
    "chunked",
    "big_trailer",
    "big_headers",
    "gzip",
    "interim",
    "two_responses",
    "bad_signature",
    "other_certificate",
    "old_answer",
    "other_appid",
    "unsigned_answer",
    "undecipherable",
    "repeated_answer",
};
static_assert(names.size() == static_cast<std::size_t>(fault_kind::repeated_answer) + 1);

} // namespace

std::string_view to_string(fault_kind kind) noexcept {
    return names[static_cast<std::size_t>(kind)];
}

std::optional<fault_kind> parse_fault_kind(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<fault_kind>(found - names.begin());
}

bool is_at_accept(fault_kind kind) noexcept {
    return kind <= fault_kind::wrong_certificate;
}

bool consumes_by_default(fault_kind kind) noexcept {
    switch (kind) {
    case fault_kind::hang:
    case fault_kind::reset_before:
    case fault_kind::errcode:
    case fault_kind::html:
    case fault_kind::status: return false;
    default: return true;
    }
}

bool may_consume_or_not(fault_kind kind) noexcept {
    switch (kind) {
    case fault_kind::hang:
    case fault_kind::errcode:
    case fault_kind::html:
    case fault_kind::status:
    case fault_kind::garbage:
    case fault_kind::body: return true;
    default: return false;
    }
}

} // namespace wxlogind::wechat_sim

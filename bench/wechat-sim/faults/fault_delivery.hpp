// What a fault makes of an answer. No I/O.
#pragma once

#include "bench/wechat-sim/faults/fault_rule.hpp"
#include "bench/wechat-sim/replies.hpp"
#include "bench/wechat-sim/wire/delivery.hpp"

#include <string_view>

namespace wxlogind::wechat_sim {

// `made` is the true answer; it is used by the kinds that give it a bad shape, and by no other.
[[nodiscard]] delivery
deliver_fault(const fault_rule& fault, const answer& made, std::string_view date, bool keeps_alive);

} // namespace wxlogind::wechat_sim

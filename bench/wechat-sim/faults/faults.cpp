#include "bench/wechat-sim/faults/faults.hpp"

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t max_faults = 1000;

bool is_used_up(const fault_in_force& which) noexcept {
    return which.rule->count && which.hits >= *which.rule->count;
}

} // namespace

std::optional<std::uint64_t> faults::order(fault_rule rule) {
    const std::scoped_lock locked{lock_};
    if (entries_.size() >= max_faults)
        std::erase_if(entries_, [](const entry& each) { return is_used_up(each.state); });
    if (entries_.size() >= max_faults) return std::nullopt;
    const std::uint64_t id = ++last_id_;
    entries_.push_back({{id, std::make_shared<const fault_rule>(std::move(rule)), 0}, generator{seed_ + id}});
    recount();
    return id;
}

void faults::take_back_all() {
    const std::scoped_lock locked{lock_};
    entries_.clear();
    recount();
}

bool faults::take_back(std::uint64_t id) {
    const std::scoped_lock locked{lock_};
    const auto taken = std::erase_if(entries_, [id](const entry& each) { return each.state.id == id; });
    recount();
    return taken != 0;
}

std::vector<fault_in_force> faults::list() const {
    const std::scoped_lock locked{lock_};
    std::vector<fault_in_force> all;
    all.reserve(entries_.size());
    for (const entry& each : entries_) all.push_back(each.state);
    return all;
}

bool faults::strikes(entry& which, const fault_target& what) {
    const fault_rule& rule = *which.state.rule;
    if (is_used_up(which.state)) return false;
    if (!rule.path.empty() && rule.path != what.path) return false;
    if (!rule.appid.empty() && rule.appid != what.appid) return false;
    if (!rule.user.empty() && (!what.is_user || !what.is_user(rule.user))) return false;
    if (rule.probability < 1 && which.numbers.fraction() >= rule.probability) return false;
    ++which.state.hits;
    if (is_used_up(which.state)) recount();
    return true;
}

void faults::recount() {
    std::size_t accepts = 0;
    std::size_t requests = 0;
    for (const entry& each : entries_) {
        if (is_used_up(each.state)) continue;
        ++(is_at_accept(each.state.rule->kind) ? accepts : requests);
    }
    for_accepts_.store(accepts, std::memory_order_relaxed);
    for_requests_.store(requests, std::memory_order_relaxed);
}

fault_pointer faults::strike_accept() {
    if (for_accepts_.load(std::memory_order_relaxed) == 0) return nullptr;
    const std::scoped_lock locked{lock_};
    for (entry& each : entries_)
        if (is_at_accept(each.state.rule->kind) && strikes(each, {})) return each.state.rule;
    return nullptr;
}

struck faults::strike_request(const fault_target& what) {
    const std::scoped_lock locked{lock_};
    struck result;
    for (entry& each : entries_) {
        const fault_rule& rule = *each.state.rule;
        if (is_at_accept(rule.kind)) continue;
        const bool is_latency = rule.kind == fault_kind::latency;
        if (is_latency ? result.latency.has_value() : result.fault != nullptr) continue;
        if (!strikes(each, what)) continue;
        if (is_latency)
            result.latency = rule.latency.draw(each.numbers);
        else
            result.fault = each.state.rule;
    }
    return result;
}

} // namespace wxlogind::wechat_sim

// The faults in force, and whether one of them strikes. No I/O.
#pragma once

#include "bench/wechat-sim/faults/fault_rule.hpp"
#include "bench/wechat-sim/generator.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace wxlogind::wechat_sim {

using fault_pointer = std::shared_ptr<const fault_rule>;

struct fault_in_force {
    std::uint64_t id{};
    fault_pointer rule;
    std::uint64_t hits{};
};

struct struck {
    fault_pointer fault;                                // nullptr = none
    std::optional<std::chrono::milliseconds> latency{}; // of a latency fault that struck besides
};

// What a fault may be limited to.
struct fault_target {
    std::string_view path{};
    std::string_view appid{};
    std::function<bool(std::string_view user)> is_user{}; // empty = nobody's
};

// Any thread.
class faults {
public:
    // The same seed, orders and requests in the same order give the same strikes.
    explicit faults(std::uint64_t seed) : seed_{seed} {}

    // The id of the fault; nullopt when 1,000 are in force already.
    [[nodiscard]] std::optional<std::uint64_t> order(fault_rule rule);
    void take_back_all();
    [[nodiscard]] bool take_back(std::uint64_t id); // false: no such fault
    [[nodiscard]] std::vector<fault_in_force> list() const;

    // Both free when there is nothing to choose from. Of several that could strike the oldest does.
    [[nodiscard]] fault_pointer strike_accept();
    [[nodiscard]] bool may_strike_requests() const noexcept {
        return for_requests_.load(std::memory_order_relaxed) != 0;
    }
    [[nodiscard]] struck strike_request(const fault_target& what);

private:
    struct entry {
        fault_in_force state;
        generator numbers;
    };
    [[nodiscard]] bool strikes(entry& which, const fault_target& what);
    void recount();

    const std::uint64_t seed_;
    mutable std::mutex lock_; // guards what follows
    std::vector<entry> entries_;
    std::uint64_t last_id_{0};
    // How many may still strike; read without the lock.
    std::atomic<std::size_t> for_accepts_{0};
    std::atomic<std::size_t> for_requests_{0};
};

} // namespace wxlogind::wechat_sim

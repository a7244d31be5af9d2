// Whether this process should get traffic, asked often by load balancers and answered from one shared check.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "storage/store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

namespace wxlogind::handlers {

// One a process. Any thread; tasks belong to the reactor that awaits them.
class readiness {
public:
    explicit readiness(storage::login_store& store) : store_{store} {}

    // From now on not ready: the process is about to leave.
    void start_draining() noexcept { is_draining_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool is_draining() const noexcept { return is_draining_.load(std::memory_order_relaxed); }

    // Does the database take a write? A mark is written and synced, at most once in `interval` however many
    // ask; between two marks the last outcome is the answer.
    task<bool> database_takes_writes(unix_millis now);

private:
    static constexpr std::chrono::milliseconds interval{500};

    storage::login_store& store_;
    std::atomic<bool> is_draining_{false};
    std::atomic<bool> took_last_write_{false};
    std::atomic<steady_clock::rep> next_check_{0};
};

} // namespace wxlogind::handlers

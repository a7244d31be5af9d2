// The simulator's wall clock: the system's, and what POST /clock has added to it.
#pragma once

#include "core/base/clock.hpp"

#include <atomic>

namespace wxlogind::wechat_sim {

// Any thread.
class sim_clock final : public wall_clock {
public:
    [[nodiscard]] unix_millis now() const noexcept override {
        return system_.now() + std::chrono::milliseconds{added_ms_.load(std::memory_order_relaxed)};
    }
    void advance(std::chrono::milliseconds by) noexcept {
        added_ms_.fetch_add(by.count(), std::memory_order_relaxed);
    }

private:
    system_wall_clock system_;
    std::atomic<std::chrono::milliseconds::rep> added_ms_{0};
};

} // namespace wxlogind::wechat_sim

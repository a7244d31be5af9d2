// How often something may be done in a day or in a minute.
#pragma once

#include "core/base/clock.hpp"

#include <cstdint>

namespace wxlogind::wechat_sim {

// Quotas start anew at midnight in China.
[[nodiscard]] inline std::int64_t day_of(unix_millis now) noexcept {
    return std::chrono::floor<std::chrono::days>(now + std::chrono::hours{8}).time_since_epoch().count();
}

// Calendar minutes.
[[nodiscard]] inline std::int64_t minute_of(unix_millis now) noexcept {
    return std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
}

// Counts what happens in one period, whichever is asked for. Not thread-safe.
class period_count {
public:
    // Counts one more, unless `period` has had `limit` of them already. 0 = no limit.
    [[nodiscard]] bool count(std::int64_t period, std::uint64_t limit) noexcept {
        if (period_ != period) {
            period_ = period;
            done_ = 0;
        }
        if (limit != 0 && done_ >= limit) return false;
        ++done_;
        return true;
    }

private:
    std::int64_t period_{};
    std::uint64_t done_{};
};

} // namespace wxlogind::wechat_sim

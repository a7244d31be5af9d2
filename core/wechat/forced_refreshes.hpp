// How often another access token may be had by force.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>

namespace wxlogind::wechat {

// WeChat allows 20 a day and none within 30 s of the one before (getStableAccessToken, force_refresh). Here
// no 24 hours see more than 20, so no day of anybody's calendar does. Pure: the time is passed in. One per
// app; not thread-safe.
class forced_refreshes {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::size_t most_a_day = 20;
    static constexpr std::chrono::seconds spacing{30};
    static constexpr std::chrono::hours day{24};

    // Counts one in, if it may be.
    [[nodiscard]] bool admit(time_point now) {
        if (now < next()) return false;
        if (taken_.size() == most_a_day) taken_.pop_front();
        taken_.push_back(now);
        return true;
    }

    // When one may be again; long ago when nothing stands against it.
    [[nodiscard]] time_point next() const {
        if (taken_.empty()) return time_point::min();
        const time_point spaced = taken_.back() + spacing;
        return taken_.size() < most_a_day ? spaced : std::max(spaced, taken_.front() + day);
    }

private:
    std::deque<time_point> taken_; // the oldest first; most_a_day at most
};

} // namespace wxlogind::wechat

// Where the threads put what they have recorded, an interval at a time, and one other takes it.
#pragma once

#include "bench/load/record/tally.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace wxlogind::load {

class collector {
public:
    void hand_over(std::unique_ptr<interval> filled) {
        {
            const std::scoped_lock locked{mutex_};
            filled_.push_back(std::move(filled));
        }
        arrived_.notify_one();
    }

    // What came since the last call; waits until something is there or `limit`.
    template <class TimePoint>
    std::vector<std::unique_ptr<interval>> take_until(TimePoint limit) {
        std::unique_lock locked{mutex_};
        arrived_.wait_until(locked, limit, [this] { return !filled_.empty(); });
        return std::exchange(filled_, {});
    }

private:
    std::mutex mutex_{};
    std::condition_variable arrived_{};
    std::vector<std::unique_ptr<interval>> filled_{};
};

} // namespace wxlogind::load

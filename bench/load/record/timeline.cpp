#include "bench/load/record/timeline.hpp"

#include <limits>

namespace wxlogind::load {

timeline::timeline(unsigned threads, nanoseconds interval, std::size_t warm_up, std::size_t measured)
    : threads_{threads},
      length_{interval},
      warm_up_{warm_up},
      end_{measured == 0 ? std::numeric_limits<std::size_t>::max() : warm_up + measured},
      spent_(threads) {}

void timeline::take(std::unique_ptr<interval> filled) {
    if (filled->number >= warm_up_) {
        interval counted = *filled;
        if (filled->number >= end_) {
            // Answers that came after the end tell how long they took, and not how many a second there were.
            for (tally& each : counted.operations) each.succeeded = each.new_users = 0;
        } else {
            measured_.length = std::max<nanoseconds>(
                measured_.length, filled->length + length_ * (filled->number - warm_up_));
            spent_[filled->thread].running += filled->spent.running;
            spent_[filled->thread].waiting += filled->spent.waiting;
        }
        measured_.add(counted);
        measured_.parked = 0;
    }
    pending& at = pending_[filled->number];
    at.is_whole &= filled->length == length_ && filled->number < end_;
    ++at.threads;
    at.sum.add(*filled);
}

const timeline_point* timeline::next_point() {
    const auto first = pending_.find(next_);
    if (first == pending_.end() || first->second.threads < threads_) return nullptr;
    const pending done = std::move(first->second);
    pending_.erase(first);
    const std::size_t number = next_++;
    if (!done.is_whole) return nullptr;

    const tally whole = done.sum.whole();
    timeline_point& point = points_.emplace_back();
    point.number = number;
    point.is_warm_up = number < warm_up_;
    point.succeeded = whole.succeeded;
    point.failed = whole.failed;
    point.rate = static_cast<double>(whole.succeeded) / std::chrono::duration<double>(length_).count();
    for (std::size_t at = 0; at < curve_shares.size(); ++at)
        point.curve[at] = whole.latency.quantile(curve_shares[at]);
    point.p50 = whole.latency.quantile(0.5);
    point.p99 = whole.latency.quantile(0.99);
    point.max = whole.latency.max();
    point.parked = done.sum.parked;
    return &point;
}

} // namespace wxlogind::load

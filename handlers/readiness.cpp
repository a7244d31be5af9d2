#include "handlers/readiness.hpp"

namespace wxlogind::handlers {

task<bool> readiness::database_takes_writes(unix_millis now) {
    // Known without a write: an outage shows at once.
    if (!store_.takes_writes()) co_return false;
    const auto moment = steady_clock::now().time_since_epoch().count();
    auto due = next_check_.load(std::memory_order_relaxed);
    const auto then = moment + std::chrono::duration_cast<steady_clock::duration>(interval).count();
    // Whoever moves the time of the next check does this one.
    if (moment >= due && next_check_.compare_exchange_strong(due, then, std::memory_order_relaxed)) {
        const auto written = co_await store_.probe(now);
        took_last_write_.store(written.has_value(), std::memory_order_relaxed);
    }
    co_return took_last_write_.load(std::memory_order_relaxed);
}

} // namespace wxlogind::handlers

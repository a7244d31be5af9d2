// What a store counts. Any thread reads; the numbers only grow.
#pragma once

#include "core/base/metrics/histogram.hpp"

#include <atomic>
#include <cstdint>

namespace wxlogind::storage {

// Rows in one commit.
inline constexpr metrics::bucket_bounds<10> batch_sizes{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
// Microseconds: from a disk that only pretends to one that is about to fail.
inline constexpr metrics::bucket_bounds<13> commit_times{
    100, 250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000,
};

struct store_counters {
    using counter = std::atomic<std::uint64_t>;

    counter commits{0};        // batches that became durable
    counter committed_rows{0}; // writes in them; committed_rows / commits is the mean batch
    counter failed_rows{0};    // writes that were answered with storage_unavailable
    counter refused_rows{0};   // writes that found the queue full
    counter outages{0};        // times that the database stopped taking writes
    counter checkpoints{0};
    // Rounds of the writer's loop, idle ones too: it lives as long as this grows, once a second at least.
    counter writer_turns{0};
    counter wal_pages{0}; // pages in the write-ahead log now: the one that also falls
    counter merges{0};    // users that were merged into others
    // Logins whose unionid is another than their user's: people whom an operator has to tell apart.
    counter unionid_conflicts{0};
    counter refreshes{0};           // rotations
    counter repeated_refreshes{0};  // the same answer again
    counter refresh_thefts{0};      // tokens used twice, their sessions ended
    counter revocations{0};         // sessions and users, whatever for
    counter swept_sessions{0};      // deleted because they were over
    counter swept_audit_records{0}; // deleted because their retention was over
    counter issued_sessions{0};     // by logins
    counter new_users{0};

    metrics::histogram<batch_sizes> batches;
    metrics::histogram<commit_times> commit_micros; // COMMIT alone: writing the log and its fsync
    metrics::gauge page_bytes;                      // of the database
    // Writes that wait for a commit. Set by whoever has the queue's lock, on a line of its own.
    alignas(64) metrics::gauge queued;
};

// One writer a counter is enough here, so that no locked instruction is needed.
inline void count(store_counters::counter& counter, std::uint64_t by = 1) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

} // namespace wxlogind::storage

#include "storage/store_figures.hpp"

namespace wxlogind::storage {

namespace {

std::uint64_t value_of(const store_counters::counter& counter) noexcept {
    return counter.load(std::memory_order_relaxed);
}

void describe_writing(const store_counters& counters, metrics::report& to) {
    auto batches = metrics::histogram<batch_sizes>::empty();
    counters.batches.add_to(batches);
    to.histogram("wxlogind_storage_batch_writes", "Writes that were committed together.").add(batches, 1);
    auto times = metrics::histogram<commit_times>::empty();
    counters.commit_micros.add_to(times);
    to.histogram("wxlogind_storage_commit_duration_seconds", "A commit: the log is written and synced.")
        .add(times, 1'000'000);
    to.gauge("wxlogind_storage_queued_writes", "Writes that wait for a commit.").add(counters.queued.value());
    to.counter("wxlogind_storage_refused_writes_total", "Writes that found the queue full.")
        .add(value_of(counters.refused_rows));
    to.counter("wxlogind_storage_failed_writes_total", "Writes that could not be made durable.")
        .add(value_of(counters.failed_rows));
    to.counter("wxlogind_storage_outages_total", "Times that the database stopped taking writes.")
        .add(value_of(counters.outages));
    to.gauge("wxlogind_storage_wal_bytes", "Pages in the write-ahead log that are not folded back yet.")
        .add(value_of(counters.wal_pages) * counters.page_bytes.value());
    to.counter("wxlogind_storage_checkpoints_total", "Times that the write-ahead log was folded back.")
        .add(value_of(counters.checkpoints));
}

void describe_sessions(const store_counters& counters, metrics::report& to) {
    to.counter("wxlogind_sessions_issued_total", "Sessions that logins have opened.")
        .add(value_of(counters.issued_sessions));
    to.counter("wxlogind_sessions_refreshed_total", "Refresh tokens that were rotated.")
        .add(value_of(counters.refreshes));
    to.counter("wxlogind_sessions_refresh_repeats_total", "Refreshes that got the answer of before again.")
        .add(value_of(counters.repeated_refreshes));
    to.counter("wxlogind_sessions_stolen_total", "Sessions that ended because a refresh token came twice.")
        .add(value_of(counters.refresh_thefts));
    to.counter("wxlogind_sessions_revoked_total", "Sessions, or all sessions of a user, that were ended.")
        .add(value_of(counters.revocations));
    to.counter("wxlogind_sessions_swept_total", "Sessions that were deleted because they were over.")
        .add(value_of(counters.swept_sessions));
    to.counter("wxlogind_audit_swept_total", "Audit records that were deleted: their retention was over.")
        .add(value_of(counters.swept_audit_records));
    to.counter("wxlogind_users_created_total", "Users that logged in for the first time.")
        .add(value_of(counters.new_users));
    to.counter("wxlogind_users_merged_total", "Users that were merged into others.")
        .add(value_of(counters.merges));
    to.counter(
          "wxlogind_unionid_conflicts_total", "Logins whose unionid is another than the one their user has.")
        .add(value_of(counters.unionid_conflicts));
}

} // namespace

void describe(const store_counters& counters, bool takes_writes, metrics::report& to) {
    to.gauge("wxlogind_storage_writable", "1 while the database takes writes.").add(takes_writes ? 1u : 0u);
    describe_writing(counters, to);
    describe_sessions(counters, to);
}

} // namespace wxlogind::storage

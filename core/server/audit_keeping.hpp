// What the audit log is told by the process itself, and what leaves it by age. Never in the way of a request.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/net/reactor.hpp"
#include "handlers/admission/failed_logins.hpp"
#include "storage/audit_log.hpp"

#include <atomic>
#include <chrono>

namespace wxlogind {

struct audit_pace {
    std::chrono::milliseconds between_records{std::chrono::seconds{10}}; // of failed logins
    std::chrono::milliseconds between_slices{50};                        // of old records
};

// Writes what failed since the last time, and drops records that are older than `retention` (0: none), which
// another thread may change, slice by slice. Ends with its reactor. The references outlive it.
task<> keep_audit_log(
    net::reactor& on, storage::audit_log& log, handlers::failed_logins& failures, const wall_clock& clock,
    const std::atomic<std::chrono::hours>& retention, audit_pace pace = {});

// Appends it sometime soon. Any thread; `on` and `log` outlive the moment.
void note_in_audit_log(
    net::reactor& on, storage::audit_log& log, storage::audit_entry entry, unix_millis now);

} // namespace wxlogind

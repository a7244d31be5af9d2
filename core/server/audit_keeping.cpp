#include "core/server/audit_keeping.hpp"

#include "core/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <vector>

namespace wxlogind {

namespace {

task<> append_failures(storage::audit_log& log, handlers::failed_logins& failures, unix_millis now) {
    std::vector<storage::audit_entry> entries;
    failures.take([&](errc why, std::uint32_t count) {
        entries.push_back(
            {.event = storage::audit_event::login_failed,
             .detail = std::string{to_string(why)},
             .count = count});
    });
    for (storage::audit_entry& each : entries) {
        // Not told twice: when the database takes no writes, the request log has them all the same.
        const auto done = co_await log.append(std::move(each), now);
        if (!done) co_return;
    }
}

task<> append(storage::audit_log& log, storage::audit_entry entry, unix_millis now) {
    const std::string event{to_string(entry.event)};
    const auto done = co_await log.append(std::move(entry), now);
    if (!done) log_warning("the audit log could not be written", {{"event", event}});
}

} // namespace

task<> keep_audit_log(
    net::reactor& on, storage::audit_log& log, handlers::failed_logins& failures, const wall_clock& clock,
    const std::atomic<std::chrono::hours>& retention, audit_pace pace) {
    steady_timer timer{on.get_executor()};
    bool has_more = false;
    for (;;) {
        timer.expires_after(has_more ? pace.between_slices : pace.between_records);
        const auto [error] = co_await timer.async_wait(as_result);
        if (error) co_return;
        co_await append_failures(log, failures, clock.now());
        const std::chrono::hours kept = retention.load(std::memory_order_relaxed);
        if (kept.count() == 0) continue;
        const auto forgotten = co_await log.forget_before(clock.now() - kept);
        has_more = forgotten && *forgotten;
    }
}

void note_in_audit_log(
    net::reactor& on, storage::audit_log& log, storage::audit_entry entry, unix_millis now) {
    asio::co_spawn(on.get_executor(), append(log, std::move(entry), now), asio::detached);
}

} // namespace wxlogind

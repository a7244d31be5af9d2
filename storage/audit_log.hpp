// The audit log: who did what to whom, in verbs of the domain. It is only ever added to; records leave it by
// age alone. It tells users apart by their id and by nothing else: no names, no addresses, no openids.
#pragma once

#include "core/base/async.hpp"
#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"
#include "storage/audit_events.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wxlogind::storage {

struct audit_entry {
    audit_event event{audit_event::login};
    // "user", "server", or who asked through the internal listener: "key:NAME", "cli:NAME", "internal".
    std::string actor{"server"};
    std::optional<user_id> user{};
    std::int64_t sid{0};  // 0 = none, or all
    std::string appid{};  // "" = none
    std::string detail{}; // of a few characters; no personal data
    std::int64_t count{1};
};

// Where in the log: microseconds since 1970, and no two records of a kind have the same.
using audit_position = std::int64_t;

[[nodiscard]] constexpr std::chrono::sys_time<std::chrono::microseconds>
time_of(audit_position position) noexcept {
    return std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{position}};
}

struct audit_record : audit_entry {
    audit_position at{0};
};

struct audit_query {
    // And who is the same user since a merge: a record keeps the id that it was made under.
    std::optional<user_id> user{};
    std::optional<audit_event> event{};
    audit_position before{INT64_MAX}; // newest first, from here back
    std::size_t limit{100};
    bool with_logins{true};
};

[[nodiscard]] inline bool shows_logins(const audit_query& query) noexcept {
    return query.with_logins && (!query.event || *query.event == audit_event::login);
}

struct audit_page {
    std::vector<audit_record> records; // newest first
    // For `before` of the next page; nullopt: this was the last.
    std::optional<audit_position> next{};
};

// Thread-safe, except that a task belongs to the reactor that awaits it. errc::overloaded,
// errc::storage_unavailable.
class audit_log {
public:
    virtual ~audit_log() = default;

    // What changes rows writes its record itself, in the same transaction. This is for what does not.
    // Resumes after it is durable.
    virtual task<result<void>> append(audit_entry entry, unix_millis now) = 0;

    // Logins come from the sessions that are still kept. A page may hold fewer than query.limit, also none,
    // while there are more: it looks at so many rows and no more.
    virtual task<result<audit_page>> read(audit_query query) = 0;

    // Drops records from before `time`, a few at a time, when the writer is idle: true while there are more.
    virtual task<result<bool>> forget_before(unix_millis time) = 0;
};

} // namespace wxlogind::storage

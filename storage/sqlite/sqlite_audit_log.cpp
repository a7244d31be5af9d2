#include "storage/sqlite/sqlite_audit_log.hpp"

namespace wxlogind::storage::sqlite {

task<result<void>> sqlite_audit_log::append(audit_entry entry, unix_millis now) {
    return writes_.write([entry = std::move(entry), now](tables& to) { to.audit.append(entry, now); });
}

// The writer knows where the logins of a user begin. While it cannot be asked, they are looked for among all.
task<result<audit_page>> sqlite_audit_log::read(audit_query query) {
    std::optional<session_trail> trail;
    if (query.user && shows_logins(query)) {
        auto asked = writes_.write([user = *query.user](tables& in) {
            return in.users.trail_of_sessions(in.merges.meant_by(user));
        });
        auto found = co_await std::move(asked);
        if (found) trail = std::move(*found);
    }
    auto page = reads_.read([query, trail = std::move(trail)](read_tables& from) -> result<audit_page> {
        return from.audit.page(query, trail);
    });
    co_return co_await std::move(page);
}

task<result<bool>> sqlite_audit_log::forget_before(unix_millis time) {
    return writes_.write_when_idle([time](tables& to) {
        const bool is_more_to_undo = to.merges.forget_undoing_before(time);
        return to.audit.forget_before(time) || is_more_to_undo;
    });
}

} // namespace wxlogind::storage::sqlite

#include "storage/sqlite/sqlite_audit_log.hpp"

namespace wxlogind::storage::sqlite {

task<result<void>> sqlite_audit_log::append(audit_entry entry, unix_millis now) {
    return writes_.write([entry = std::move(entry), now](tables& to) { to.audit.append(entry, now); });
}

task<result<audit_page>> sqlite_audit_log::read(audit_query query) {
    return reads_.read([query](read_tables& from) -> result<audit_page> { return from.audit.page(query); });
}

task<result<bool>> sqlite_audit_log::forget_before(unix_millis time) {
    return writes_.write_when_idle([time](tables& to) {
        const bool is_more_to_undo = to.merges.forget_undoing_before(time);
        return to.audit.forget_before(time) || is_more_to_undo;
    });
}

} // namespace wxlogind::storage::sqlite

#include "storage/sqlite/audit_tables.hpp"

#include "storage/sqlite/row_values.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

audit_position position_of(unix_millis time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

} // namespace

audit_tables::audit_tables(connection& on, id_sources& ids, store_counters& counters)
    : ids_{ids},
      counters_{counters},
      append_{
          on, "INSERT INTO audit (id, event, actor, user, sid, appid, detail, count) "
              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
      raise_floor_{on, "UPDATE meta SET value = ?1 WHERE name = 'audit_floor' AND value < ?1"},
      forget_{
          on, "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < ?1 ORDER BY id LIMIT 100) "
              "RETURNING 1"},
      find_older_{on, "SELECT 1 FROM audit WHERE id < ?1 LIMIT 1"} {
    const auto last = on.ask_number("SELECT max(ifnull((SELECT max(id) FROM audit), 0), "
                                    "(SELECT value FROM meta WHERE name = 'audit_floor'))");
    ids_.last_audit = std::max(ids_.last_audit, last.value_or(0));
}

void audit_tables::append(const audit_entry& entry, unix_millis now) {
    // Also when the clock stands still or steps back, and behind the sessions of the same millisecond.
    ids_.last_audit = std::max(std::max(ids_.last_audit, ids_.last_session) + 1, position_of(now));
    append_.bind(1, ids_.last_audit);
    append_.bind(2, to_string(entry.event));
    append_.bind(3, entry.actor);
    if (entry.user)
        bind_id(append_, 4, *entry.user);
    else
        append_.bind_null(4);
    append_.bind(5, entry.sid);
    append_.bind(6, entry.appid);
    append_.bind(7, entry.detail);
    append_.bind(8, entry.count);
    run(append_);
}

bool audit_tables::forget_before(unix_millis time) {
    const audit_position first_kept = position_of(time);
    find_older_.bind(1, first_kept);
    const auto is_there_one = [this] {
        execution older{find_older_};
        return older.step();
    };
    if (!is_there_one()) return false;
    raise_floor_.bind(1, first_kept);
    run(raise_floor_);
    forget_.bind(1, first_kept);
    {
        execution rows{forget_};
        while (rows.step()) count(counters_.swept_audit_records);
    }
    return is_there_one();
}

} // namespace wxlogind::storage::sqlite

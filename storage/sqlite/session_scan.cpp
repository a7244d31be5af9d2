#include "storage/sqlite/session_scan.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

namespace {

// A few milliseconds, during which the log cannot be folded back whole.
constexpr std::int64_t rows_a_page = 20'000;

session_record session_in(const statement& row) {
    session_record session;
    session.sid = row.number(0);
    session.appid = row.text(2);
    session.created = time_in(row, 3);
    session.seen = time_in(row, 4);
    session.expires = time_in(row, 5);
    if (!row.is_null(6)) session.revoked = time_in(row, 6);
    return session;
}

} // namespace

session_scan::session_scan(connection& on)
    : rows_{
          on, "SELECT s.sid, s.user, a.appid, s.created, s.seen, s.expires, s.revoked FROM session AS s "
              "JOIN app AS a ON a.id = s.app WHERE s.sid > ?1 ORDER BY s.sid LIMIT ?2"} {}

session_page session_scan::sessions_of(const user_id& id, std::int64_t after) {
    session_page page;
    rows_.bind(1, after);
    rows_.bind(2, rows_a_page);
    execution rows{rows_};
    for (std::int64_t seen = 1; rows.step(); ++seen) {
        if (seen == rows_a_page) page.next_after = rows_.number(0);
        if (id_in(rows_.blob(1)) == id) page.sessions.push_back(session_in(rows_));
    }
    return page;
}

} // namespace wxlogind::storage::sqlite

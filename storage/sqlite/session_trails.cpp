#include "storage/sqlite/session_trails.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

namespace {

// Some milliseconds, during which the log cannot be folded back whole.
constexpr std::size_t rows_a_page = 1000;

session_record session_in(const statement& row) {
    session_record session;
    session.sid = row.number(0);
    session.appid = row.text(1);
    session.created = time_in(row, 2);
    session.seen = time_in(row, 3);
    session.expires = time_in(row, 4);
    if (!row.is_null(5)) session.revoked = time_in(row, 5);
    session.is_revoked = row.number(7) != 0;
    return session;
}

} // namespace

session_trails::session_trails(connection& on)
    : find_{
          on, "SELECT s.sid, a.appid, s.created, s.seen, s.expires, s.revoked, s.previous, "
              "s.revoked IS NOT NULL OR s.sid <= ifnull(m.revoked_through, u.revoked_through) "
              "FROM session AS s JOIN app AS a ON a.id = s.app LEFT JOIN merged_user AS m ON m.id = s.user "
              "LEFT JOIN user AS u ON u.id = s.user WHERE s.sid = ?1"} {}

session_page session_trails::follow(session_trail trail) {
    session_page page;
    while (!trail.empty() && page.sessions.size() < rows_a_page) {
        find_.bind(1, trail.back());
        trail.pop_back();
        execution row{find_};
        if (!row.step()) continue; // swept, and all before it
        page.sessions.push_back(session_in(find_));
        if (!find_.is_null(6)) trail.push_back(find_.number(6));
    }
    page.next = std::move(trail);
    return page;
}

} // namespace wxlogind::storage::sqlite

#include "storage/sqlite/session_reads.hpp"

#include "storage/sqlite/row_values.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

constexpr std::size_t most_looked_at = 2048; // some milliseconds

} // namespace

session_reads::session_reads(connection& on)
    : find_{
          on, "SELECT user.id, user.state, app.appid, session.generation, session.created, session.expires, "
              "session.revoked IS NOT NULL "
              "OR session.sid <= ifnull(merged_user.revoked_through, user.revoked_through) FROM session "
              "LEFT JOIN merged_user ON merged_user.id = session.user "
              "JOIN user ON user.id = ifnull(merged_user.survivor, session.user) JOIN app ON app.id = session.app WHERE session.sid = ?1"},
      revocations_{on, "SELECT user, sid, is_of_all, until FROM revocation WHERE until > ?1 ORDER BY id"},
      aliases_{on, "SELECT id, survivor, tokens_until FROM merged_user WHERE tokens_until > ?1"},
      sessions_{
          on, "SELECT sid, expires <= ?2, NOT EXISTS (SELECT 1 FROM user WHERE user.id = session.user) "
              "AND NOT EXISTS (SELECT 1 FROM merged_user WHERE merged_user.id = session.user), "
              "CASE WHEN expires <= ?2 THEN "
              "(SELECT sid FROM session AS older WHERE older.sid = session.previous) END FROM session "
              "WHERE sid > ?1 ORDER BY sid LIMIT ?3"} {}

result<session_state> session_reads::find(std::int64_t sid) {
    find_.bind(1, sid);
    execution row{find_};
    if (!row.step()) return errc::not_found;
    session_state session;
    session.user = id_in(find_.blob(0));
    session.owner = static_cast<user_state>(find_.number(1));
    session.appid = find_.text(2);
    session.generation = static_cast<std::uint32_t>(find_.number(3));
    session.created = time_in(find_, 4);
    session.expires = time_in(find_, 5);
    session.is_revoked = find_.number(6) != 0;
    return session;
}

std::vector<revocation> session_reads::revocations_at(unix_millis now) {
    std::vector<revocation> all;
    revocations_.bind(1, count_of(now));
    execution rows{revocations_};
    while (rows.step())
        all.push_back(
            {.user = id_in(revocations_.blob(0)),
             .sid = revocations_.number(1),
             .is_of_all = revocations_.number(2) != 0,
             .until = time_in(revocations_, 3)});
    return all;
}

std::vector<user_alias> session_reads::aliases_at(unix_millis now) {
    std::vector<user_alias> all;
    aliases_.bind(1, count_of(now));
    execution rows{aliases_};
    while (rows.step())
        all.push_back(
            {.merged = id_in(aliases_.blob(0)),
             .survivor = id_in(aliases_.blob(1)),
             .until = time_in(aliases_, 2)});
    return all;
}

session_reads::finished_sessions session_reads::find_finished(const sweep_request& what) {
    finished_sessions found{.sids = {}, .last = what.after, .is_at_end = false};
    sessions_.bind(1, what.after);
    sessions_.bind(2, count_of(what.now));
    sessions_.bind(3, std::int64_t{most_looked_at});
    execution rows{sessions_};
    std::size_t seen = 0;
    for (; found.sids.size() < most_finished; ++seen) {
        if (!rows.step()) {
            found.is_at_end = seen < most_looked_at;
            break;
        }
        found.last = sessions_.number(0);
        const bool is_over = sessions_.number(1) != 0;
        const bool is_nobodys = sessions_.number(2) != 0;
        // One that leads to an older one goes with it, and not before.
        const bool is_last_of_chain =
            sessions_.is_null(3) || std::ranges::binary_search(found.sids, sessions_.number(3));
        if (is_nobodys || (is_over && is_last_of_chain)) found.sids.push_back(found.last);
    }
    return found;
}

} // namespace wxlogind::storage::sqlite

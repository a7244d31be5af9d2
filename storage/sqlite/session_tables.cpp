#include "storage/sqlite/session_tables.hpp"

#include "storage/sqlite/row_values.hpp"

#include <algorithm>

namespace wxlogind::storage::sqlite {

namespace {

// A statement that RETURNING says something of the one row that it changes. false: there was none.
bool run_one(statement& it) {
    execution change{it};
    const bool is_there = change.step();
    while (is_there && change.step()) {
    }
    return is_there;
}

} // namespace

session_tables::session_tables(connection& on, id_sources& ids)
    : ids_{ids},
      refreshed_before_{std::chrono::milliseconds{
          on.ask_number("SELECT value FROM meta WHERE name = 'refreshed_before'").value_or(0)}},
      find_owner_{
          on, "SELECT user, revoked, EXISTS (SELECT 1 FROM merged_user WHERE id = session.user) FROM session "
              "WHERE sid = ?1"},
      find_survivors_{
          on, "WITH RECURSIVE name (id) AS (SELECT into_user FROM merged_user WHERE id = ?1 UNION "
              "SELECT m.into_user FROM name JOIN merged_user AS m USING (id)) SELECT id FROM name"},
      revoke_one_{on, "UPDATE session SET revoked = ?2, limited = NULL WHERE sid = ?1"},
      revoke_all_{on, "UPDATE user SET revoked_through = ?2 WHERE id = ?1"},
      revoke_merged_{
          on, "UPDATE merged_user SET revoked_through = ?2 WHERE survivor = ?1 AND revoked_through < ?2 "
              "RETURNING id"},
      raise_floor_{on, "UPDATE meta SET value = ?1 WHERE name = 'session_floor' AND value < ?1"},
      note_revocation_{on, "INSERT INTO revocation (user, sid, is_of_all, until) VALUES (?1, ?2, ?3, ?4)"},
      set_state_{on, "UPDATE user SET state = ?2, updated = ?3 WHERE id = ?1 RETURNING 1"},
      limit_one_{on, "UPDATE session SET limited = 1 WHERE sid = ?1"},
      find_surplus_{
          on, "SELECT sid FROM session WHERE limited IS NOT NULL "
              "AND user IN (SELECT ?1 UNION ALL SELECT id FROM merged_user WHERE survivor = ?1) "
              "AND app = ?2 AND expires > ?3 ORDER BY sid DESC LIMIT -1 OFFSET ?4"},
      // While an older one of the chain is there, all that lead to it stay.
      sweep_one_{
          on, "DELETE FROM session WHERE sid = ?1 AND (expires <= ?2 AND NOT EXISTS "
              "(SELECT 1 FROM session AS older WHERE older.sid = session.previous) "
              "OR NOT EXISTS (SELECT 1 FROM user WHERE user.id = session.user) "
              "AND NOT EXISTS (SELECT 1 FROM merged_user WHERE merged_user.id = session.user)) RETURNING 1"},
      sweep_revocations_{
          on, "DELETE FROM revocation WHERE until <= ?1 AND id IN "
              "(SELECT id FROM revocation ORDER BY id LIMIT 128)"} {}

result<void>
session_tables::revoke(std::int64_t sid, const std::optional<user_id>& user, const revoking& when) {
    std::optional<user_id> owner;
    bool is_merged = false;
    {
        find_owner_.bind(1, sid);
        execution session{find_owner_};
        if (session.step()) {
            if (!find_owner_.is_null(1)) return {};
            owner = id_in(find_owner_.blob(0));
            is_merged = find_owner_.number(2) != 0;
        }
    }
    if (owner) {
        revoke_one_.bind(1, sid);
        revoke_one_.bind(2, count_of(when.now));
        run(revoke_one_);
    } else if (!user) {
        return errc::not_found;
    }
    note({.user = owner ? *owner : *user, .sid = sid, .is_of_all = false, .until = until_of(when)});
    if (is_merged) note_for_survivors(*owner, sid, when);
    return {};
}

// Tokens of the session name who it belonged to when they were issued.
void session_tables::note_for_survivors(const user_id& merged, std::int64_t sid, const revoking& when) {
    std::vector<user_id> survivors;
    {
        bind_id(find_survivors_, 1, merged);
        execution rows{find_survivors_};
        while (rows.step()) survivors.push_back(id_in(find_survivors_.blob(0)));
    }
    for (const user_id& each : survivors)
        note({.user = each, .sid = sid, .is_of_all = false, .until = until_of(when)});
}

void session_tables::revoke_all_of(const user_id& user, const revoking& when) {
    const std::int64_t through = ids_.last_session;
    bind_id(revoke_all_, 1, user);
    revoke_all_.bind(2, through);
    run(revoke_all_);
    // Also when the session with this number was never written: no later one may be below it.
    raise_floor_.bind(1, through);
    run(raise_floor_);
    note({.user = user, .sid = through, .is_of_all = true, .until = until_of(when)});
    revoke_merged_into(user, through, when);
}

void session_tables::revoke_merged_into(const user_id& survivor, std::int64_t through, const revoking& when) {
    std::vector<user_id> ended;
    {
        bind_id(revoke_merged_, 1, survivor);
        revoke_merged_.bind(2, through);
        execution rows{revoke_merged_};
        while (rows.step()) ended.push_back(id_in(revoke_merged_.blob(0)));
    }
    for (const user_id& each : ended)
        note({.user = each, .sid = through, .is_of_all = true, .until = until_of(when)});
}

result<void> session_tables::set_state(const user_id& user, user_state state, unix_millis now) {
    bind_id(set_state_, 1, user);
    set_state_.bind(2, static_cast<std::int64_t>(state));
    set_state_.bind(3, count_of(now));
    if (!run_one(set_state_)) return errc::not_found;
    return {};
}

void session_tables::keep_newest(
    std::int64_t newest, const user_id& user, std::int64_t app, std::uint32_t most, const revoking& when) {
    limit_one_.bind(1, newest);
    run(limit_one_);

    // Sessions that revoke_all_of has ended are among them, and older than any that lives: they go first.
    std::vector<std::int64_t> surplus;
    {
        bind_id(find_surplus_, 1, user);
        find_surplus_.bind(2, app);
        find_surplus_.bind(3, count_of(when.now));
        find_surplus_.bind(4, std::int64_t{most});
        execution sessions{find_surplus_};
        while (sessions.step()) surplus.push_back(find_surplus_.number(0));
    }
    for (const std::int64_t each : surplus) static_cast<void>(revoke(each, user, when));
}

bool session_tables::sweep(std::int64_t sid, const sweep_request& what) {
    sweep_one_.bind(1, sid);
    sweep_one_.bind(2, count_of(what.now));
    return run_one(sweep_one_);
}

void session_tables::sweep_revocations(unix_millis now) {
    sweep_revocations_.bind(1, count_of(now));
    run(sweep_revocations_);
}

unix_millis session_tables::until_of(const revoking& when) const noexcept {
    const unix_millis last_login = std::chrono::ceil<std::chrono::milliseconds>(
        std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{ids_.last_session}});
    const unix_millis last_token = std::max(last_login, refreshed_before_);
    return when.until + std::max(last_token - when.now, std::chrono::milliseconds{0});
}

void session_tables::note(const revocation& what) {
    bind_id(note_revocation_, 1, what.user);
    note_revocation_.bind(2, what.sid);
    note_revocation_.bind(3, std::int64_t{what.is_of_all});
    note_revocation_.bind(4, count_of(what.until));
    run(note_revocation_);
    revoked_.push_back(what);
}

} // namespace wxlogind::storage::sqlite

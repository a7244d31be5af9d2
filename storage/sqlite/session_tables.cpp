#include "storage/sqlite/session_tables.hpp"

#include "storage/sqlite/row_values.hpp"

namespace wxlogind::storage::sqlite {

session_tables::session_tables(connection& on, id_sources& ids)
    : ids_{ids},
      find_owner_{on, "SELECT user, revoked FROM session WHERE sid = ?1"},
      revoke_one_{on, "UPDATE session SET revoked = ?2, limited = NULL WHERE sid = ?1"},
      revoke_all_{on, "UPDATE user SET revoked_through = ?2 WHERE id = ?1"},
      raise_floor_{on, "UPDATE meta SET value = ?1 WHERE name = 'session_floor' AND value < ?1"},
      note_revocation_{on, "INSERT INTO revocation (user, sid, is_of_all, until) VALUES (?1, ?2, ?3, ?4)"},
      set_state_{on, "UPDATE user SET state = ?2, updated = ?3 WHERE id = ?1 RETURNING 1"} {}

result<void>
session_tables::revoke(std::int64_t sid, const std::optional<user_id>& user, const revoking& when) {
    std::optional<user_id> owner;
    {
        find_owner_.bind(1, sid);
        execution session{find_owner_};
        if (session.step()) {
            if (!find_owner_.is_null(1)) return {};
            owner = id_in(find_owner_.blob(0));
        }
    }
    if (owner) {
        revoke_one_.bind(1, sid);
        revoke_one_.bind(2, count_of(when.now));
        run(revoke_one_);
    } else if (!user) {
        return errc::not_found;
    }
    note({.user = owner ? *owner : *user, .sid = sid, .is_of_all = false, .until = when.until});
    return {};
}

void session_tables::revoke_all_of(const user_id& user, const revoking& when) {
    const std::int64_t through = ids_.last_session;
    bind_id(revoke_all_, 1, user);
    revoke_all_.bind(2, through);
    run(revoke_all_);
    // Also when the session with this number was never written: no later one may be below it.
    raise_floor_.bind(1, through);
    run(raise_floor_);
    note({.user = user, .sid = through, .is_of_all = true, .until = when.until});
}

result<void> session_tables::set_state(const user_id& user, user_state state, unix_millis now) {
    bind_id(set_state_, 1, user);
    set_state_.bind(2, static_cast<std::int64_t>(state));
    set_state_.bind(3, count_of(now));
    execution change{set_state_};
    const bool is_there = change.step();
    while (is_there && change.step()) {
    }
    if (!is_there) return errc::not_found;
    return {};
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

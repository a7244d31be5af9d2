#include "storage/sqlite/login_tables.hpp"

#include "core/base/log.hpp"
#include "storage/sqlite/row_values.hpp"

#include <utility>

namespace wxlogind::storage::sqlite {

namespace {

void bind_bytes(statement& to, int at, std::string_view bytes) {
    to.bind_blob(at, bytes.empty() ? "" : bytes.data(), bytes.size());
}

// An empty one would make one person of everybody who has none.
std::optional<std::string_view> unionid_of(const login_record& login) {
    if (!login.unionid || login.unionid->empty()) return std::nullopt;
    return std::string_view{*login.unionid};
}

// A field that was not sent is NULL, which the statements read as "keep".
void bind_profile(statement& to, int first, const profile_change& change) {
    const auto bind = [&](int at, const std::optional<std::string>& text) {
        if (text)
            to.bind(at, std::string_view{*text});
        else
            to.bind_null(at);
    };
    bind(first, change.nick_name);
    bind(first + 1, change.avatar_url);
    if (change.gender)
        to.bind(first + 2, *change.gender);
    else
        to.bind_null(first + 2);
    bind(first + 3, change.country);
    bind(first + 4, change.province);
    bind(first + 5, change.city);
    bind(first + 6, change.language);
}

} // namespace

login_tables::login_tables(
    connection& on, id_sources& ids, session_tables& sessions, merge_tables& merges, store_counters& counters,
    const newest_sessions::limits& newest)
    : ids_{ids},
      sessions_{sessions},
      merges_{merges},
      counters_{counters},
      newest_{newest},
      // Takes the write lock at once: a transaction that reads first and writes later can fail with
      // SQLITE_BUSY_SNAPSHOT, which no timeout waits out.
      begin_{on, "BEGIN IMMEDIATE"},
      commit_{on, "COMMIT"},
      find_app_{on, "SELECT id FROM app WHERE appid = ?1"},
      make_app_{on, "INSERT INTO app (appid) VALUES (?1)"},
      find_identity_{
          on, "SELECT i.user, i.number, u.state, u.unionid FROM identity AS i "
              "JOIN user AS u ON u.id = i.user WHERE i.app = ?1 AND i.openid = ?2"},
      make_identity_{
          on, "INSERT INTO identity (app, openid, user, number, created) VALUES (?1, ?2, ?3, ?4, ?5)"},
      find_newest_{on, "SELECT sid FROM newest_session WHERE identity = ?1"},
      make_newest_{on, "INSERT INTO newest_session (identity, sid) VALUES (?1, ?2)"},
      // Only changes: an identity may have been erased since.
      change_newest_{on, "UPDATE newest_session SET sid = ?2 WHERE identity = ?1"},
      raise_newest_floor_{on, "UPDATE meta SET value = ?1 WHERE name = 'newest_session_floor'"},
      find_unionid_{on, "SELECT id, state FROM user WHERE unionid = ?1"},
      make_user_{
          on, "INSERT INTO user (id, unionid, created, updated, nick_name, avatar_url, gender, country, "
              "province, city, language) VALUES (?1, ?2, ?3, ?3, ifnull(?4, ''), ifnull(?5, ''), "
              "ifnull(?6, 0), ifnull(?7, ''), ifnull(?8, ''), ifnull(?9, ''), ifnull(?10, ''))"},
      // Finds no row, and so writes none, when every field that was sent has the value already.
      change_profile_{
          on, "UPDATE user SET updated = ?2, nick_name = ifnull(?3, nick_name), "
              "avatar_url = ifnull(?4, avatar_url), gender = ifnull(?5, gender), "
              "country = ifnull(?6, country), province = ifnull(?7, province), city = ifnull(?8, city), "
              "language = ifnull(?9, language) "
              "WHERE id = ?1 AND (?3 <> nick_name OR ?4 <> avatar_url OR ?5 <> gender OR ?6 <> country "
              "OR ?7 <> province OR ?8 <> city OR ?9 <> language)"},
      set_unionid_{on, "UPDATE user SET unionid = ?2, updated = ?3 WHERE id = ?1"},
      make_session_{
          on, "INSERT INTO session (sid, user, app, created, seen, expires, identity, previous, session_key, "
              "fingerprint) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9)"},
      mark_probe_{on, "UPDATE meta SET value = ?1 WHERE name = 'probe'"} {
    const auto floor = on.ask_number("SELECT max(ifnull((SELECT max(sid) FROM session), 0), "
                                     "(SELECT value FROM meta WHERE name = 'session_floor'))");
    ids_.last_session = std::max(ids_.last_session, floor.value_or(0));
    const auto last_identity = on.ask_number("SELECT max(identity) FROM newest_session");
    ids_.last_identity = std::max(ids_.last_identity, last_identity.value_or(0));
    remember_newest_sessions(on);
}

// What was not written behind before the last end. Bounded, as newest_sessions is.
void login_tables::remember_newest_sessions(connection& on) {
    statement sessions{
        on, "SELECT identity, sid FROM session "
            "WHERE sid > (SELECT value FROM meta WHERE name = 'newest_session_floor') ORDER BY sid"};
    while (sessions.step()) newest_.note(sessions.number(0), sessions.number(1));
    newest_.commit();
}

void login_tables::begin() {
    made_ = {};
    run(begin_);
}

void login_tables::write_behind(std::size_t rows) {
    // Faster than logins note new ones.
    for (const auto& [identity, session] : newest_.write_behind(2 * rows + 32)) {
        change_newest_.bind(1, identity);
        change_newest_.bind(2, session);
        try {
            run(change_newest_);
        } catch (const sqlite_error& e) {
            if (!e.concerns_one_row()) throw;
            // Nobody waits for this row. Failing the logins for it, or trying again with each of them, would
            // make a damaged page everybody's.
            if (!std::exchange(has_warned_, true))
                log_error(
                    "the newest session of a user cannot be noted, so older ones may not be found: the "
                    "database is damaged; check it (PRAGMA integrity_check) or restore a backup",
                    {{"reason", e.what()}});
        }
    }
    if (const auto floor = newest_.new_floor()) {
        raise_newest_floor_.bind(1, *floor);
        run(raise_newest_floor_);
    }
}

void login_tables::commit() {
    run(commit_);
    newest_.commit();
}

login_outcome login_tables::record(const login_record& login) {
    const std::int64_t app = number_of_app(login.appid);

    find_identity_.bind(1, app);
    find_identity_.bind(2, std::string_view{login.openid});
    execution identity{find_identity_};
    if (!identity.step()) return record_first(app, login);

    login_outcome outcome;
    outcome.user = id_in(find_identity_.blob(0));
    outcome.state = static_cast<user_state>(find_identity_.number(2));
    const std::int64_t number = find_identity_.number(1);
    const auto unionid = unionid_of(login);
    const bool lacks_unionid = unionid && find_identity_.is_null(3);
    if (unionid && !lacks_unionid && find_identity_.text(3) != *unionid) count(counters_.unionid_conflicts);
    find_identity_.reset(); // before its tables are written to

    if (lacks_unionid) adopt_unionid(outcome, *unionid, login);
    if (outcome.state == user_state::banned) return outcome; // nothing is kept of who may not come in
    if (!login.profile.empty()) change_profile(outcome.user, login.profile, login.now);
    outcome.session = open_session(app, login, {outcome.user, number, newest_session_of(number)});
    newest_.note(number, outcome.session);
    return outcome;
}

login_outcome login_tables::record_first(std::int64_t app, const login_record& login) {
    login_outcome outcome;
    outcome.is_new = true;
    if (const auto unionid = unionid_of(login)) {
        find_unionid_.bind(1, *unionid);
        execution same_person{find_unionid_};
        if (same_person.step()) {
            outcome.is_new = false;
            outcome.user = id_in(find_unionid_.blob(0));
            outcome.state = static_cast<user_state>(find_unionid_.number(1));
        }
    }
    if (outcome.state == user_state::banned) return outcome;

    if (outcome.is_new) {
        outcome.user = ids_.users.next(login.now);
        make_user(outcome.user, login);
    } else if (!login.profile.empty()) {
        change_profile(outcome.user, login.profile, login.now);
    }

    const std::int64_t number = ++ids_.last_identity;
    make_identity_.bind(1, app);
    make_identity_.bind(2, std::string_view{login.openid});
    bind_id(make_identity_, 3, outcome.user);
    make_identity_.bind(4, number);
    make_identity_.bind(5, count_of(login.now));
    run(make_identity_);
    outcome.session = open_session(app, login, {outcome.user, number, std::nullopt});
    make_newest_.bind(1, number);
    make_newest_.bind(2, outcome.session);
    run(make_newest_);
    newest_.note_first(outcome.session);
    return outcome;
}

std::int64_t login_tables::number_of_app(const std::string& appid) {
    if (const auto known = apps_.find(appid); known != apps_.end()) return known->second;
    find_app_.bind(1, std::string_view{appid});
    execution app{find_app_};
    if (!app.step()) {
        make_app_.bind(1, std::string_view{appid});
        run(make_app_);
        find_app_.reset();
        app.step();
    }
    return apps_[appid] = find_app_.number(0);
}

void login_tables::make_user(const user_id& id, const login_record& login) {
    bind_id(make_user_, 1, id);
    if (const auto unionid = unionid_of(login))
        make_user_.bind(2, *unionid);
    else
        make_user_.bind_null(2);
    make_user_.bind(3, count_of(login.now));
    bind_profile(make_user_, 4, login.profile);
    run(make_user_);
    ++made_.users;
}

void login_tables::change_profile(const user_id& id, const profile_change& change, unix_millis now) {
    bind_id(change_profile_, 1, id);
    change_profile_.bind(2, count_of(now));
    bind_profile(change_profile_, 3, change);
    run(change_profile_);
}

// The user of this openid turns out to be a person whom we may know under another openid already.
void login_tables::adopt_unionid(
    login_outcome& outcome, std::string_view unionid, const login_record& login) {
    if (const auto same_person = user_of_unionid(unionid)) {
        const auto merged =
            merges_.merge(outcome.user, *same_person, {login.now, login.tokens_end, "server"});
        if (!merged) return; // never: only one of the two has a unionid
        outcome.user = merged->survivor;
        outcome.state = merged->state;
        return;
    }
    if (outcome.state == user_state::banned) return;
    bind_id(set_unionid_, 1, outcome.user);
    set_unionid_.bind(2, unionid);
    set_unionid_.bind(3, count_of(login.now));
    run(set_unionid_);
}

std::optional<user_id> login_tables::user_of_unionid(std::string_view unionid) {
    find_unionid_.bind(1, unionid);
    execution user{find_unionid_};
    if (!user.step()) return std::nullopt;
    return id_in(find_unionid_.blob(0));
}

std::optional<std::int64_t> login_tables::newest_session_of(std::int64_t identity) {
    if (const auto known = newest_.find(identity)) return known;
    find_newest_.bind(1, identity);
    execution newest{find_newest_};
    if (!newest.step() || find_newest_.number(0) == 0) return std::nullopt;
    return find_newest_.number(0);
}

std::int64_t login_tables::open_session(std::int64_t app, const login_record& login, const login_place& of) {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(login.now.time_since_epoch());
    // Also when the clock stands still or steps back, and behind the audit records of the same millisecond:
    // the log shows both as they happened.
    const std::int64_t sid =
        std::max<std::int64_t>(std::max(ids_.last_session, ids_.last_audit) + 1, now.count());
    ids_.last_session = sid;
    make_session_.bind(1, sid);
    bind_id(make_session_, 2, of.user);
    make_session_.bind(3, app);
    make_session_.bind(4, count_of(login.now));
    make_session_.bind(5, count_of(login.session_expires));
    make_session_.bind(6, of.identity);
    if (of.previous)
        make_session_.bind(7, *of.previous);
    else
        make_session_.bind_null(7);
    bind_bytes(make_session_, 8, login.sealed_session_key);
    make_session_.bind(9, static_cast<std::int64_t>(login.session_key_fingerprint));
    run(make_session_);
    ++made_.sessions;
    if (login.max_sessions != 0)
        sessions_.keep_newest(sid, of.user, app, login.max_sessions, {login.now, login.tokens_end});
    return sid;
}

void login_tables::mark_probe(unix_millis now) {
    mark_probe_.bind(1, count_of(now));
    run(mark_probe_);
}

} // namespace wxlogind::storage::sqlite

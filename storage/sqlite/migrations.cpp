#include "storage/sqlite/migrations.hpp"

#include "core/base/log.hpp"

#include <array>
#include <string>

namespace wxlogind::storage::sqlite {

namespace {

// "wxlg": what `file` and we know our databases by.
constexpr std::int64_t application_id = 0x77786c67;

// Never edit a step that was released: add one.
constexpr std::array steps{
    // 1: users, their identities, their sessions. Times are Unix milliseconds.
    R"(
    -- Short numbers for appids: they stand in every row of identity and session.
    CREATE TABLE app (
        id    INTEGER PRIMARY KEY,
        appid TEXT NOT NULL UNIQUE
    ) STRICT;

    -- The id is a UUIDv7, which grows with time, so that WITHOUT ROWID still appends, and one tree less is
    -- written and searched than with a rowid and an index beside it.
    CREATE TABLE user (
        id          BLOB PRIMARY KEY CHECK (length(id) = 16),
        unionid     TEXT,
        nick_name   TEXT NOT NULL DEFAULT '',
        avatar_url  TEXT NOT NULL DEFAULT '',
        gender      INTEGER NOT NULL DEFAULT 0,
        country     TEXT NOT NULL DEFAULT '',
        province    TEXT NOT NULL DEFAULT '',
        city        TEXT NOT NULL DEFAULT '',
        language    TEXT NOT NULL DEFAULT '',
        phone       BLOB,    -- sealed
        phone_index BLOB,    -- keyed hash of the phone number, to find it by
        state       INTEGER NOT NULL DEFAULT 0, -- user_state
        created     INTEGER NOT NULL,
        updated     INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX user_by_unionid ON user (unionid) WHERE unionid IS NOT NULL;
    CREATE INDEX user_by_phone ON user (phone_index) WHERE phone_index IS NOT NULL;

    -- openids are random, so a login dirties a page of its own here: what makes the row small makes logins
    -- cheap. WITHOUT ROWID: the row lies in the tree that it is found by.
    CREATE TABLE identity (
        app          INTEGER NOT NULL REFERENCES app (id),
        openid       TEXT NOT NULL,
        user         BLOB NOT NULL REFERENCES user (id),
        session_key  BLOB NOT NULL, -- sealed, as is the one before it
        previous_key BLOB,
        fingerprint  INTEGER NOT NULL, -- of session_key in clear, keyed
        created      INTEGER NOT NULL,
        updated      INTEGER NOT NULL, -- when session_key last changed
        PRIMARY KEY (app, openid)
    ) STRICT, WITHOUT ROWID;
    -- Appends: a user's identities are made with the user, but for the second app.
    CREATE INDEX identity_by_user ON identity (user);

    -- sid grows with time (microseconds, never given twice), so that rows append. No index by user: it would
    -- cost each login a page at a random place.
    CREATE TABLE session (
        sid        INTEGER PRIMARY KEY,
        user       BLOB NOT NULL REFERENCES user (id),
        app        INTEGER NOT NULL REFERENCES app (id),
        generation INTEGER NOT NULL DEFAULT 0, -- of the refresh token
        created    INTEGER NOT NULL,
        seen       INTEGER NOT NULL,
        expires    INTEGER NOT NULL,
        revoked    INTEGER -- when; NULL: it is not
    ) STRICT;

    -- probe: the time of the last readiness probe. session_floor: no sid up to here is given again.
    CREATE TABLE meta (
        name  TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO meta VALUES ('probe', 0), ('session_floor', 0);
    CREATE TRIGGER session_floor_rises AFTER DELETE ON session
        WHEN old.sid > ifnull((SELECT max(sid) FROM session), 0)
        BEGIN
            UPDATE meta SET value = max(value, old.sid) WHERE name = 'session_floor';
        END;
    )",
    // 2: how sessions go on and end.
    R"(
    -- The grace window of the last rotation of the refresh token, and the key that signed then (its hint): the
    -- tokens of that moment can be made again from the row.
    ALTER TABLE session ADD COLUMN rotated INTEGER;
    ALTER TABLE session ADD COLUMN signer INTEGER;
    -- 1: it counts among the sessions of its user, in an app that allows only so many. Only those are indexed.
    ALTER TABLE session ADD COLUMN limited INTEGER;
    CREATE INDEX session_limited ON session (user, app, sid) WHERE limited IS NOT NULL;
    -- Sessions of the user up to this sid are dead.
    ALTER TABLE user ADD COLUMN revoked_through INTEGER NOT NULL DEFAULT 0;

    -- What was revoked, for as long as tokens may be about that are checked without a look at the database.
    -- Rows are added at the end and taken away at the beginning; an id is never given twice, so that another
    -- process can ask for what came after the last one that it knows.
    CREATE TABLE revocation (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        user      BLOB NOT NULL,
        sid       INTEGER NOT NULL,
        is_of_all INTEGER NOT NULL, -- 1: all sessions of the user up to sid
        until     INTEGER NOT NULL
    ) STRICT;
    )",

    // 3: session_key moves from identity, where each login changed a page at a random place, to the session
    // row that the login appends. The keys before the current ones are not carried over.
    R"(
    CREATE TABLE identity_3 (
        app     INTEGER NOT NULL REFERENCES app (id),
        openid  TEXT NOT NULL,
        user    BLOB NOT NULL REFERENCES user (id),
        number  INTEGER NOT NULL, -- a short name for it; grows, never given twice
        created INTEGER NOT NULL,
        PRIMARY KEY (app, openid)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO identity_3
        SELECT app, openid, user, row_number() OVER (ORDER BY created, app, openid), created FROM identity;
    DROP INDEX identity_by_user;
    -- Appends: a user's identities are made with the user, but for the second app.
    CREATE INDEX identity_by_user ON identity_3 (user);

    -- The sessions of an identity are a chain, newest first: it begins at newest_session, or at a session above
    -- meta's newest_session_floor, up to which newest_session has been written.
    ALTER TABLE session ADD COLUMN identity INTEGER NOT NULL DEFAULT 0; -- its number
    ALTER TABLE session ADD COLUMN previous INTEGER;    -- sid of the identity's session before this one
    ALTER TABLE session ADD COLUMN session_key BLOB;    -- sealed, as the login got it
    ALTER TABLE session ADD COLUMN fingerprint INTEGER; -- of session_key in clear, keyed
    CREATE TEMP TABLE moved AS
        SELECT s.sid, i.number, lag(s.sid) OVER (PARTITION BY i.number ORDER BY s.sid) AS previous,
               i.app, i.openid
        FROM session AS s JOIN identity_3 AS i ON i.user = s.user AND i.app = s.app;
    CREATE INDEX moved_sid ON moved (sid);
    UPDATE session SET (identity, previous) =
        (SELECT number, previous FROM moved WHERE moved.sid = session.sid LIMIT 1)
        WHERE sid IN (SELECT sid FROM moved);

    CREATE TABLE newest_session (
        identity INTEGER PRIMARY KEY,
        sid      INTEGER NOT NULL
    ) STRICT;
    INSERT INTO newest_session SELECT number, 0 FROM identity_3;
    INSERT OR REPLACE INTO newest_session SELECT number, max(sid) FROM moved GROUP BY number;
    INSERT INTO meta SELECT 'newest_session_floor', ifnull(max(sid), 0) FROM session;
    UPDATE session SET (session_key, fingerprint) =
        (SELECT o.session_key, o.fingerprint FROM moved JOIN identity AS o USING (app, openid)
         WHERE moved.sid = session.sid LIMIT 1)
        WHERE sid IN (SELECT sid FROM newest_session);

    DROP TABLE moved;
    DROP TABLE identity;
    ALTER TABLE identity_3 RENAME TO identity;
    )",
    // 4: finding users, and what was done to them.
    R"(
    -- A login touches these only where it brings another name.
    CREATE INDEX user_by_nick_name ON user (nick_name) WHERE nick_name <> '';
    CREATE INDEX user_by_state ON user (state) WHERE state <> 0;

    -- Who did what to whom. Rows are added at the end, never changed, and taken away by age alone: only up to
    -- audit_floor. id: microseconds since 1970. Logins are in session.
    CREATE TABLE audit (
        id     INTEGER PRIMARY KEY,
        event  TEXT NOT NULL,
        actor  TEXT NOT NULL,
        user   BLOB,
        sid    INTEGER NOT NULL, -- 0: none
        appid  TEXT NOT NULL,
        detail TEXT NOT NULL,
        count  INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX audit_by_user ON audit (user) WHERE user IS NOT NULL;
    INSERT INTO meta VALUES ('audit_floor', 0);
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN
            SELECT raise(ABORT, 'the audit log is only ever added to');
        END;
    CREATE TRIGGER audit_goes_by_age BEFORE DELETE ON audit
        WHEN old.id >= (SELECT value FROM meta WHERE name = 'audit_floor')
        BEGIN
            SELECT raise(ABORT, 'the audit log is only ever added to');
        END;
    )",
    // 5: which pictures of ours are in use.
    R"(
    -- Only users who have one are in it; what is looked for has to have the same bounds.
    CREATE INDEX user_by_avatar ON user (avatar_url)
        WHERE avatar_url >= '/avatars/' AND avatar_url < '/avatars0';
    )",
    // 6: users who turned out to be one person with another.
    R"(
    -- The row of a merged user is gone; its sessions keep its id, and this leads from there to the survivor.
    CREATE TABLE merged_user (
        id              BLOB PRIMARY KEY CHECK (length(id) = 16),
        survivor        BLOB NOT NULL REFERENCES user (id), -- today
        into_user       BLOB NOT NULL,    -- into whom it was merged; may have been merged further since
        created         INTEGER NOT NULL, -- when the user was made
        merged          INTEGER NOT NULL,
        revoked_through INTEGER NOT NULL, -- sessions of this user up to this sid are dead
        tokens_until    INTEGER NOT NULL  -- the last token of this user has expired
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX merged_user_by_survivor ON merged_user (survivor);
    )",
    // 7: phone numbers of users who were merged.
    R"(
    -- Whose number it was when it was sealed, which it is bound to; NULL: this user's.
    ALTER TABLE user ADD COLUMN phone_sealed_for BLOB;
    -- The number of a merged user whose survivor has one of its own. Nobody is found by it; it is kept for the
    -- case that the merge is undone, and no longer than that is possible.
    ALTER TABLE merged_user ADD COLUMN phone BLOB;
    ALTER TABLE merged_user ADD COLUMN phone_index BLOB;
    ALTER TABLE merged_user ADD COLUMN phone_sealed_for BLOB; -- NULL exactly where phone is
    CREATE INDEX merged_user_with_phone ON merged_user (merged) WHERE phone IS NOT NULL;
    )",
};

// Before it: of a large database a step may take minutes.
void tell_of_step(int from) {
    log_info(
        "migrating the database",
        {{"from", std::to_string(from), true}, {"to", std::to_string(from + 1), true}});
}

} // namespace

int newest_schema() noexcept {
    return static_cast<int>(steps.size());
}

int schema_of(connection& db) {
    const auto found = static_cast<int>(db.ask_number("PRAGMA user_version").value_or(0));
    const auto owner = db.ask_number("PRAGMA application_id").value_or(0);
    const bool is_empty = !db.ask_number("SELECT 1 FROM sqlite_schema").has_value();
    if (owner != application_id && !is_empty)
        throw std::runtime_error{"this SQLite file belongs to another program"};
    if (found > newest_schema())
        throw std::runtime_error{
            "the database has schema version " + std::to_string(found) + ", and this program knows only " +
            std::to_string(newest_schema()) +
            ": start the newer program, or restore the backup from before it"};
    return found;
}

int migrate(connection& db) {
    return migrate(db, newest_schema());
}

int migrate(connection& db, int version) {
    const int found = schema_of(db);
    for (int step = found; step < version; ++step) {
        if (found != 0) tell_of_step(step);
        db.run("BEGIN IMMEDIATE");
        try {
            db.run(steps[static_cast<std::size_t>(step)]);
            db.run("PRAGMA application_id = " + std::to_string(application_id));
            db.run("PRAGMA user_version = " + std::to_string(step + 1));
            db.run("COMMIT");
        } catch (...) {
            db.roll_back();
            throw;
        }
    }
    return found;
}

} // namespace wxlogind::storage::sqlite

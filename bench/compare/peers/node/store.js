import Database from 'better-sqlite3';

const schema = `
CREATE TABLE IF NOT EXISTS user (
  id      INTEGER PRIMARY KEY,
  unionid TEXT,
  created INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS identity (
  appid       TEXT NOT NULL,
  openid      TEXT NOT NULL,
  user        INTEGER NOT NULL REFERENCES user (id),
  session_key TEXT NOT NULL,
  updated     INTEGER NOT NULL,
  PRIMARY KEY (appid, openid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  id      INTEGER PRIMARY KEY,
  user    INTEGER NOT NULL REFERENCES user (id),
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
);`;

const sessionLife = 30 * 24 * 3600 * 1000;

export function openStore(file, synchronous, appid) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${synchronous}`);
  db.pragma('busy_timeout = 5000');
  db.pragma('cache_size = -65536');
  db.exec(schema);

  // UPDATE ... RETURNING finds the user and keeps the new session_key in one go.
  const touchIdentity = db.prepare(
    'UPDATE identity SET session_key = ?, updated = ? WHERE appid = ? AND openid = ? RETURNING user').pluck();
  const makeUser = db.prepare('INSERT INTO user (unionid, created) VALUES (?, ?)');
  const makeIdentity = db.prepare(
    'INSERT INTO identity (appid, openid, user, session_key, updated) VALUES (?, ?, ?, ?, ?)');
  const makeSession = db.prepare('INSERT INTO session (user, created, expires) VALUES (?, ?, ?)');

  const recordLogin = db.transaction((known, now) => {
    let user = touchIdentity.get(known.session_key, now, appid, known.openid);
    const isNew = user === undefined;
    if (isNew) {
      user = makeUser.run(known.unionid ?? null, now).lastInsertRowid;
      makeIdentity.run(appid, known.openid, user, known.session_key, now);
    }
    const session = makeSession.run(user, now, now + sessionLife).lastInsertRowid;
    return { user, session, isNew };
  }).immediate;

  return { recordLogin, close: () => db.close() };
}

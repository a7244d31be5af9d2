package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

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
);`

const sessionLife = 30 * 24 * time.Hour

type login struct {
	user    int64
	session int64
	isNew   bool
}

type store struct {
	db    *sql.DB
	appid string

	// UPDATE ... RETURNING finds the user and keeps the new session_key in one go.
	touchIdentity *sql.Stmt
	makeUser      *sql.Stmt
	makeIdentity  *sql.Stmt
	makeSession   *sql.Stmt
}

func openStore(file, synchronous, appid string) (*store, error) {
	// BEGIN IMMEDIATE: a transaction that reads first cannot fail when it wants to write.
	options := url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {synchronous}, "_busy_timeout": {"5000"},
		"_txlock": {"immediate"}, "_cache_size": {"-65536"},
	}
	db, err := sql.Open("sqlite3", "file:"+file+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	// SQLite has one writer: further connections would only wait for its lock.
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(schema); err != nil {
		return nil, err
	}
	s := &store{db: db, appid: appid}
	for _, each := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&s.touchIdentity, "UPDATE identity SET session_key = ?1, updated = ?2 WHERE appid = ?3 AND openid = ?4 RETURNING user"},
		{&s.makeUser, "INSERT INTO user (unionid, created) VALUES (nullif(?1, ''), ?2)"},
		{&s.makeIdentity, "INSERT INTO identity (appid, openid, user, session_key, updated) VALUES (?1, ?2, ?3, ?4, ?5)"},
		{&s.makeSession, "INSERT INTO session (user, created, expires) VALUES (?1, ?2, ?3)"},
	} {
		if *each.to, err = db.Prepare(each.text); err != nil {
			return nil, fmt.Errorf("%s: %w", each.text, err)
		}
	}
	return s, nil
}

func (s *store) close() { _ = s.db.Close() }

func (s *store) recordLogin(ctx context.Context, known *session, now time.Time) (*login, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // nothing to do after a commit

	var made login
	err = tx.StmtContext(ctx, s.touchIdentity).
		QueryRowContext(ctx, known.SessionKey, now.UnixMilli(), s.appid, known.OpenID).Scan(&made.user)
	if errors.Is(err, sql.ErrNoRows) {
		made.isNew = true
		if made.user, err = insert(ctx, tx, s.makeUser, known.UnionID, now.UnixMilli()); err != nil {
			return nil, err
		}
		_, err = insert(ctx, tx, s.makeIdentity, s.appid, known.OpenID, made.user, known.SessionKey, now.UnixMilli())
	}
	if err != nil {
		return nil, err
	}
	made.session, err = insert(ctx, tx, s.makeSession, made.user, now.UnixMilli(), now.Add(sessionLife).UnixMilli())
	if err != nil {
		return nil, err
	}
	return &made, tx.Commit()
}

func insert(ctx context.Context, tx *sql.Tx, what *sql.Stmt, values ...any) (int64, error) {
	result, err := tx.StmtContext(ctx, what).ExecContext(ctx, values...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

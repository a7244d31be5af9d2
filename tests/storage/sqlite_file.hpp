// An SQLite store in a directory of its own, and a look at its file from outside.
#pragma once

#include "storage/sqlite/sqlite_store.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/watched_vfs.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace wxlogind::test {

using storage::sqlite::sqlite_store;

// The name of an SQLite VFS that never waits for the disk: for all tests that do not cut the power.
inline std::string unsynced_disk() {
    static const watched_vfs disk{"unsynced"};
    return "unsynced";
}

inline storage::sqlite::limits impatient_limits() {
    using std::chrono::milliseconds;
    storage::sqlite::limits limits;
    limits.pauses = storage::sqlite::back_off{milliseconds{1}, milliseconds{4}};
    limits.newest = {.identities = 3, .sessions = 9}; // written behind all the time
    return limits;
}

// What clients were told: every line has to be true for ever.
using ledger = std::map<std::string, storage::login_outcome>;

struct sqlite_file {
    temporary_directory directory;
    storage::store_counters counters;
    storage::sqlite::limits limits = impatient_limits();
    storage::sqlite::location where{
        .path = directory.file("users.db"),
        .vfs = unsynced_disk(),
        .check = storage::sqlite::start_check::after_crash};

    std::unique_ptr<sqlite_store> open() { return std::make_unique<sqlite_store>(where, limits, counters); }
};

// Logs in and notes what is acknowledged. Any other answer has to be storage_unavailable.
inline bool log_in(storage::login_store& store, ledger& acknowledged, const std::string& openid) {
    const auto outcome = run(store.record_login(login_of(openid)));
    if (outcome) {
        const auto [known, is_first] = acknowledged.try_emplace(openid, *outcome);
        BOOST_TEST((known->second.user == outcome->user));
        if (!is_first) known->second = *outcome;
        return true;
    }
    BOOST_TEST((outcome.error().code == errc::storage_unavailable));
    return false;
}

// Bounded; the store finds the disk healthy again by itself.
inline bool recovers(storage::login_store& store) {
    const auto limit = steady_clock::now() + std::chrono::seconds{20};
    while (steady_clock::now() < limit) {
        if (run(store.probe(noon))) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return false;
}

// From newest_session, or what was opened since it was written, the chain of an identity has all its
// sessions.
inline void check_chains(storage::sqlite::connection& db) {
    BOOST_TEST(
        db.ask_number(R"(
        WITH RECURSIVE floor (sid) AS (SELECT value FROM meta WHERE name = 'newest_session_floor'),
        start (identity, sid) AS (
            SELECT n.identity, max(n.sid, ifnull((SELECT max(s.sid) FROM session AS s, floor
                WHERE s.sid > floor.sid AND s.identity = n.identity), 0)) FROM newest_session AS n),
        chain (identity, sid) AS (
            SELECT identity, sid FROM start
            UNION ALL
            SELECT c.identity, s.previous FROM chain AS c JOIN session AS s ON s.sid = c.sid
                WHERE s.previous IS NOT NULL)
        SELECT count(*) FROM (SELECT i.number, s.sid FROM session AS s JOIN identity AS i
                ON i.number = s.identity AND i.app = s.app AND i.user = s.user
            EXCEPT SELECT identity, sid FROM chain)
    )")
            .value() == 0);
    BOOST_TEST(
        db.ask_number("SELECT count(*) FROM session WHERE identity NOT IN (SELECT number FROM identity)")
            .value() == 0);
}

// The file at `path`, closed by its store: it is sound, and holds what was acknowledged.
inline void check_file(const std::string& path, const ledger& acknowledged) {
    using namespace storage::sqlite;
    connection db{path, open_mode::read_write, unsynced_disk()};
    BOOST_TEST(db.ask_text("PRAGMA integrity_check") == "ok");
    BOOST_TEST(db.ask_text("PRAGMA foreign_key_check") == "");
    check_chains(db);
    statement find{
        db,
        "SELECT i.user, s.user FROM identity AS i LEFT JOIN session AS s ON s.sid = ?2 WHERE i.openid = ?1"};
    for (const auto& [openid, outcome] : acknowledged) {
        const std::string_view user{reinterpret_cast<const char*>(outcome.user.bytes.data()), 16};
        find.bind(1, std::string_view{openid});
        find.bind(2, outcome.session);
        execution row{find};
        BOOST_TEST_REQUIRE(row.step());
        BOOST_TEST((find.blob(0) == user));
        BOOST_TEST((find.blob(1) == user));
        BOOST_TEST(!row.step()); // one identity
    }
}

} // namespace wxlogind::test

#include "storage/sqlite/migrations.hpp"
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/watched_vfs.hpp"

#include <sys/wait.h>
#include <unistd.h>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage::sqlite;

namespace {

// The process is killed in place of its n-th change to a file.
class deadly_vfs final : public watched_vfs {
public:
    deadly_vfs(std::string name, unsigned n) : watched_vfs{std::move(name)}, left_{n} {}

    int before(const file_event&) override {
        if (--left_ == 0) ::kill(::getpid(), SIGKILL);
        return 0;
    }

private:
    unsigned left_;
};

// Whether the child came to the end of its migration.
bool migrate_in_a_child(const location& where, unsigned dies_at) {
    const pid_t child = ::fork();
    BOOST_TEST_REQUIRE(child >= 0);
    if (child == 0) {
        {
            deadly_vfs disk{"deadly", dies_at};
            connection db =
                open_for_writing({where.path, "deadly", where.check}, open_mode::read_write_create);
            migrate(db);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status);
}

std::string message_of(const sqlite_file& file, storage::store_counters& counters) {
    try {
        sqlite_store{file.where, file.limits, counters};
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "it was opened";
}

} // namespace

BOOST_AUTO_TEST_SUITE(migrations)

BOOST_AUTO_TEST_CASE(a_process_killed_at_any_moment_of_a_migration_leaves_a_database_that_migrates) {
    unsigned n = 1;
    for (bool did_end = false; !did_end && n < 500; ++n) {
        BOOST_TEST_CONTEXT("killed at change " << n) {
            sqlite_file file;
            did_end = migrate_in_a_child(file.where, n);
            ledger acknowledged;
            {
                const auto store = file.open();
                BOOST_TEST(log_in(*store, acknowledged, "user"));
            }
            check_file(file.where.path, acknowledged);
            connection db{file.where.path, open_mode::read_only, ""};
            BOOST_TEST(db.ask_number("PRAGMA user_version").value() == newest_schema());
        }
    }
    BOOST_TEST(n > 10u);
    BOOST_TEST(n < 500u);
}

BOOST_AUTO_TEST_CASE(a_migrated_database_is_left_alone) {
    sqlite_file file;
    connection db = open_for_writing(file.where, open_mode::read_write_create);
    BOOST_TEST(migrate(db) == 0);
    BOOST_TEST(migrate(db) == newest_schema());
}

BOOST_AUTO_TEST_CASE(users_of_an_older_schema_keep_their_sessions_and_the_current_session_key) {
    sqlite_file file;
    {
        connection db = open_for_writing(file.where, open_mode::read_write_create);
        migrate(db, 1);
        db.run(R"(
            INSERT INTO app VALUES (1, 'wx0000000000000001');
            INSERT INTO user (id, created, updated) VALUES (zeroblob(16), 1, 1), (randomblob(16), 2, 2);
            INSERT INTO identity
                SELECT 1, 'openid ' || created, id, CAST('key ' || created AS BLOB), NULL, created, created, created
                FROM user;
            INSERT INTO session (sid, user, app, created, seen, expires)
                SELECT 10 * n + created, id, 1, 1, 1, 9 FROM user, (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3);
        )");
    }
    ledger acknowledged;
    {
        const auto store = file.open();
        BOOST_TEST(log_in(*store, acknowledged, "openid 1"));
        BOOST_TEST(!acknowledged.at("openid 1").is_new);
    }
    check_file(file.where.path, acknowledged);
    connection db{file.where.path, open_mode::read_only, ""};
    BOOST_TEST(
        db.ask_text("SELECT group_concat(sid || ' ' || ifnull(previous, 0) || ' ' || "
                    "ifnull(CAST(session_key AS TEXT), '-'), ', ') FROM session WHERE sid < 100") ==
        "11 0 -, 12 0 -, 21 11 -, 22 12 -, 31 21 key 1, 32 22 key 2");
    BOOST_TEST(db.ask_number("SELECT count(*) FROM session WHERE previous = 31").value() == 1);
}

BOOST_AUTO_TEST_CASE(phone_numbers_of_an_older_schema_stay_bound_to_their_users) {
    sqlite_file file;
    {
        connection db = open_for_writing(file.where, open_mode::read_write_create);
        migrate(db, 6);
        db.run("INSERT INTO user (id, created, updated, phone, phone_index) "
               "VALUES (zeroblob(16), 1, 1, x'aa', x'bb')");
    }
    const auto store = file.open();
    const auto user = run(store->find_user(user_id{})).value();
    BOOST_TEST(user.sealed_phone == "\xaa");
    BOOST_TEST((user.phone_sealed_for == user.id));
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused_and_not_touched) {
    sqlite_file file;
    file.open().reset();
    {
        connection db{file.where.path, open_mode::read_write, ""};
        db.run("PRAGMA user_version = 1000");
    }
    BOOST_TEST(message_of(file, file.counters).find("schema version 1000") != std::string::npos);
    connection db{file.where.path, open_mode::read_only, ""};
    BOOST_TEST(db.ask_number("PRAGMA user_version").value() == 1000);
}

BOOST_AUTO_TEST_CASE(the_database_of_another_program_is_refused) {
    sqlite_file file;
    {
        connection db{file.where.path, open_mode::read_write_create, ""};
        db.run("CREATE TABLE theirs (a)");
    }
    BOOST_TEST(message_of(file, file.counters).find("another program") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

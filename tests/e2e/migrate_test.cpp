// wxlogind migrate: an older version's database is made ready before the server is started.
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/location.hpp"
#include "storage/sqlite/migrations.hpp"
#include "tests/support/operator_call.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

using namespace wxlogind::test;
using namespace wxlogind::storage;
namespace fs = std::filesystem;

namespace {

// Stopped, with a database as the first version wrote it, in which alice has logged in.
struct upgraded_deployment : operated_deployment {
    upgraded_deployment() {
        const auto alice = json_of(log_in(mint_code("alice")));
        BOOST_TEST_REQUIRE(stop_wxlogind() == 0);
        for (const char* const tail : {"", "-wal", "-shm", ".lock"}) fs::remove(database() + tail);
        sqlite::connection db =
            sqlite::open_for_writing({.path = database(), .vfs = ""}, sqlite::open_mode::read_write_create);
        sqlite::migrate(db, 1);
        const std::string openid = text_of(alice, "openid");
        db.run("INSERT INTO app VALUES (1, '" + std::string{first_appid} + "')");
        db.run("INSERT INTO user (id, created, updated) VALUES (zeroblob(16), 1, 1)");
        db.run("INSERT INTO identity VALUES (1, '" + openid + "', zeroblob(16), x'00', NULL, 1, 1, 1)");
    }
};

const std::string newest = std::to_string(sqlite::newest_schema());

} // namespace

BOOST_FIXTURE_TEST_SUITE(migrate, upgraded_deployment)

BOOST_AUTO_TEST_CASE(an_old_database_is_migrated_before_the_server_starts_on_it) {
    const command_outcome due = command({"migrate", "--check"});
    BOOST_TEST(due.status == 3);
    BOOST_TEST(
        due.output ==
        "due: " + database() + " is at version 1, this program's is " + newest + ". Nothing was changed\n");
    const auto due_json = command({"migrate", "--check", "--json"}).json();
    BOOST_TEST(text_of(due_json, "state") == "due");

    const command_outcome done = command({"migrate"});
    BOOST_TEST(done.status == 0);
    BOOST_TEST(done.says("migrating the database from=1 to=2"), done.output);
    BOOST_TEST(
        done.says("\nok: " + database() + " was migrated from version 1 to " + newest + " in "), done.output);
    const command_outcome again = command({"migrate"});
    BOOST_TEST(again.status == 0);
    BOOST_TEST(
        again.output == "ok: " + database() + " is already at version " + newest + ", nothing to do\n");
    BOOST_TEST(command({"migrate", "--check"}).status == 0);

    start_wxlogind();
    BOOST_TEST(output().find("migrating the database") == std::string::npos);
    const auto alice = json_of(log_in(mint_code("alice")));
    BOOST_TEST(!alice.at("is_new").as_bool());
    BOOST_TEST(text_of(alice, "id") == "00000000-0000-0000-0000-000000000000");
    BOOST_TEST(text_of(command({"migrate", "--json"}).json(), "state") == "current"); // the server runs
}

BOOST_AUTO_TEST_CASE(one_object_says_what_was_done) {
    const auto done = command({"migrate", "--json"});
    BOOST_TEST(done.status == 0);
    const auto last_line = done.output.substr(done.output.rfind('\n', done.output.size() - 2) + 1);
    const auto report = boost::json::parse(last_line).as_object();
    BOOST_TEST(report.at("ok").as_bool());
    BOOST_TEST(text_of(report, "state") == "migrated");
    BOOST_TEST(text_of(report, "file") == database());
    BOOST_TEST(report.at("from").as_int64() == 1);
    BOOST_TEST(report.at("to").as_int64() == sqlite::newest_schema());
    BOOST_TEST(report.at("took_ms").as_int64() >= 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_says_why) {
    {
        const sqlite::file_lock server{database()};
        const command_outcome refused = command({"migrate"});
        BOOST_TEST(refused.status == 1);
        BOOST_TEST(refused.says("is in use by process "), refused.output);
        BOOST_TEST(command({"migrate", "--check"}).status == 3);
    }
    sqlite::connection{database(), sqlite::open_mode::read_write, ""}.run("PRAGMA user_version = 1000");
    for (const char* const how : {"--check", "--json"}) {
        const command_outcome refused = command({"migrate", how});
        BOOST_TEST(refused.status == 1);
        BOOST_TEST(refused.says("schema version 1000"), refused.output);
    }
    fs::remove(database());
    const command_outcome nothing = command({"migrate"});
    BOOST_TEST(nothing.status == 0);
    BOOST_TEST(nothing.says("there is no database at " + database() + " yet; the server makes it"));
    BOOST_TEST(text_of(command({"migrate", "--json"}).json(), "state") == "none");
    BOOST_TEST(!fs::exists(database()));
}

BOOST_AUTO_TEST_SUITE_END()

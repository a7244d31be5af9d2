// Bringing a database up to date without a server.
#include "storage/open_store.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/migrations.hpp"
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/faulty_vfs.hpp"
#include "tests/support/file_content.hpp"

#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage;
namespace fs = std::filesystem;

namespace {

constexpr uid_t somebody = 65534; // has the database
constexpr uid_t stranger = 65533;

struct old_database {
    temporary_directory directory;
    std::string path = directory.file("users.db");
    storage_settings settings{};

    explicit old_database(int version = 6) {
        settings.url = "sqlite:" + path;
        sqlite::connection db =
            sqlite::open_for_writing({.path = path, .vfs = ""}, sqlite::open_mode::read_write_create);
        sqlite::migrate(db, version);
    }
    [[nodiscard]] int version() const {
        sqlite::connection db{path, sqlite::open_mode::read_only, ""};
        return static_cast<int>(db.ask_number("PRAGMA user_version").value());
    }
};

template <class Work>
std::string refusal_of(const storage_settings& settings, const Work& work) {
    try {
        (void)work(settings);
    } catch (const store_error& why) {
        return why.what();
    }
    return "it was done";
}

std::string refusal_to_migrate(const storage_settings& settings) {
    return refusal_of(settings, migrate_schema);
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != text.npos;
}

// What migrate_schema says to another user.
std::string refusal_to(uid_t user, const storage_settings& settings, const std::string& answer_file) {
    const pid_t child = ::fork();
    BOOST_TEST_REQUIRE(child >= 0);
    if (child == 0) {
        std::ofstream answer{answer_file};
        if (::setgid(user) != 0 || ::setuid(user) != 0) ::_exit(1);
        answer << refusal_to_migrate(settings) << std::flush;
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return content_of(answer_file);
}

} // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_AUTO_TEST_CASE(an_old_database_is_brought_up_to_date_and_then_left_alone) {
    const old_database old{1};
    const schema_state done = migrate_schema(old.settings);
    BOOST_TEST(done.file == old.path);
    BOOST_TEST(done.found.value() == 1);
    BOOST_TEST(done.newest == sqlite::newest_schema());
    BOOST_TEST(done.is_due());
    BOOST_TEST(old.version() == sqlite::newest_schema());
    const schema_state again = migrate_schema(old.settings);
    BOOST_TEST(again.found.value() == sqlite::newest_schema());
    BOOST_TEST(!again.is_due());
    store_counters counters;
    BOOST_TEST((open_store(old.settings, counters) != nullptr));
}

BOOST_AUTO_TEST_CASE(looking_changes_nothing) {
    const old_database old;
    const std::string before = content_of(old.path);
    BOOST_TEST(look_at_schema(old.settings).is_due());
    BOOST_TEST(content_of(old.path) == before);
    BOOST_TEST(!fs::exists(old.path + ".lock"));
    BOOST_TEST(look_at_schema(old.settings).found.value() == 6);
}

BOOST_AUTO_TEST_CASE(a_database_that_a_process_has_open_is_looked_at_and_not_migrated) {
    const old_database old;
    const sqlite::file_lock server{old.path};
    BOOST_TEST(contains(refusal_to_migrate(old.settings), "in use by process " + std::to_string(::getpid())));
    BOOST_TEST(old.version() == 6);
    BOOST_TEST(look_at_schema(old.settings).is_due());
}

BOOST_AUTO_TEST_CASE(what_is_not_ours_or_newer_is_refused_and_not_touched) {
    const old_database newer;
    sqlite::connection{newer.path, sqlite::open_mode::read_write, ""}.run("PRAGMA user_version = 1000");
    const old_database foreign;
    fs::remove(foreign.path);
    sqlite::connection{foreign.path, sqlite::open_mode::read_write_create, ""}.run("CREATE TABLE theirs (a)");
    const old_database garbage;
    std::ofstream{garbage.path} << std::string(4096, 'x');

    const std::vector<std::pair<const old_database*, const char*>> refused{
        {&newer, "the database has schema version 1000, and this program knows only"},
        {&foreign, "this SQLite file belongs to another program"},
        {&garbage, "file is not a database"}};
    for (const auto& [each, why] : refused) {
        const std::string before = content_of(each->path);
        for (const auto& said :
             {refusal_to_migrate(each->settings), refusal_of(each->settings, look_at_schema)}) {
            BOOST_TEST(said.starts_with("migrate: " + each->path + ": "), said);
            BOOST_TEST(contains(said, why), said);
        }
        BOOST_TEST(content_of(each->path) == before);
    }
}

BOOST_AUTO_TEST_CASE(no_database_is_made_and_a_missing_directory_is_an_error) {
    const temporary_directory directory;
    storage_settings settings{};
    settings.url = "sqlite:" + directory.file("users.db");
    BOOST_TEST(!migrate_schema(settings).found.has_value());
    BOOST_TEST(!migrate_schema(settings).is_due());
    BOOST_TEST(fs::is_empty(directory.path()));
    settings.url = "sqlite:" + directory.file("nowhere/users.db");
    BOOST_TEST(contains(refusal_to_migrate(settings), "there is no directory " + directory.file("nowhere")));
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_version_before_and_says_which) {
    faulty_vfs disk{"full"};
    old_database old;
    old.settings.url += "?vfs=full";
    disk.fail_nth(file_operation::write, 8, fault_kind::disk_full, true);
    const std::string said = refusal_to_migrate(old.settings);
    disk.heal();
    BOOST_TEST(contains(said, "disk is full"), said);
    BOOST_TEST(contains(said, "the database is left whole, at version 6"), said);
    BOOST_TEST(migrate_schema(old.settings).found.value() == 6);
    BOOST_TEST(old.version() == sqlite::newest_schema());
}

BOOST_AUTO_TEST_CASE(root_makes_no_file_that_the_owner_cannot_open) {
    if (::geteuid() != 0) return; // only root can give a file away
    const old_database old;
    for (const fs::path& each : {old.directory.path(), fs::path{old.path}})
        BOOST_TEST_REQUIRE(::chown(each.c_str(), somebody, somebody) == 0);
    BOOST_TEST(look_at_schema(old.settings).is_due());
    BOOST_TEST(migrate_schema(old.settings).is_due());
    BOOST_TEST(::geteuid() == 0u);
    BOOST_TEST(fs::exists(old.path + ".lock"));
    for (const auto& each : fs::directory_iterator{old.directory.path()}) {
        struct stat found{};
        BOOST_TEST_REQUIRE(::stat(each.path().c_str(), &found) == 0);
        BOOST_TEST(found.st_uid == somebody, each.path());
        BOOST_TEST(found.st_gid == somebody, each.path());
    }
}

BOOST_AUTO_TEST_CASE(another_user_is_told_who_owns_it) {
    if (::geteuid() != 0) return; // only root can give a file away and become another
    const old_database old;
    const temporary_directory answers;
    for (const fs::path& each : {old.directory.path(), fs::path{old.path}})
        BOOST_TEST_REQUIRE(::chown(each.c_str(), somebody, somebody) == 0);
    // Neither the directory nor, once that is open, the file.
    const std::string of_directory = refusal_to(stranger, old.settings, answers.file("first"));
    BOOST_TEST(contains(of_directory, old.directory.path().string() + " belongs to the user "), of_directory);
    fs::permissions(old.directory.path(), fs::perms{0755});
    const std::string of_file = refusal_to(stranger, old.settings, answers.file("second"));
    BOOST_TEST(contains(of_file, old.path + " belongs to the user nobody: run this as that user"), of_file);
    BOOST_TEST(refusal_to(somebody, old.settings, answers.file("third")) == "it was done");
    BOOST_TEST(old.version() == sqlite::newest_schema());
}

BOOST_AUTO_TEST_SUITE_END()

// What happens to the files behind the store's back.
#include "tests/storage/sqlite_file.hpp"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace wxlogind;
using namespace wxlogind::test;
namespace fs = std::filesystem;

namespace {

void fill(sqlite_file& file, ledger& acknowledged, unsigned users) {
    const auto store = file.open();
    for (unsigned number = 0; number < users; ++number)
        log_in(*store, acknowledged, "user " + std::to_string(number));
}

std::string reason_not_to_open(sqlite_file& file) {
    try {
        file.open();
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

void overwrite(const std::string& path, std::streamoff offset, const std::string& bytes) {
    std::fstream out{path, std::ios::binary | std::ios::in | std::ios::out};
    out.seekp(offset);
    out << bytes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(damaged_files)

BOOST_AUTO_TEST_CASE(a_database_deleted_under_us_acknowledges_nothing_and_is_not_made_anew) {
    sqlite_file file;
    ledger acknowledged;
    const auto store = file.open();
    BOOST_TEST_REQUIRE(log_in(*store, acknowledged, "user"));
    fs::remove(file.where.path);
    BOOST_TEST(!log_in(*store, acknowledged, "lost"));
    for (int again = 0; again < 10; ++again) BOOST_TEST(!run(store->probe(noon)).has_value());
    BOOST_TEST(!fs::exists(file.where.path));
}

BOOST_AUTO_TEST_CASE(a_log_deleted_under_us_is_noticed_and_writing_goes_on) {
    sqlite_file file;
    ledger acknowledged;
    {
        const auto store = file.open();
        BOOST_TEST_REQUIRE(log_in(*store, acknowledged, "before"));
        acknowledged.clear(); // it was in the log
        fs::remove(file.where.path + "-wal");
        BOOST_TEST(!log_in(*store, acknowledged, "lost"));
        BOOST_TEST(recovers(*store));
        BOOST_TEST(log_in(*store, acknowledged, "after"));
    }
    check_file(file.where.path, acknowledged);
}

BOOST_AUTO_TEST_CASE(a_backup_put_in_place_of_the_database_is_used_by_writes_and_reads) {
    sqlite_file file;
    ledger in_backup;
    fill(file, in_backup, 3);
    const std::string backup = file.directory.file("backup.db");
    fs::copy_file(file.where.path, backup);
    {
        ledger later;
        const auto store = file.open();
        BOOST_TEST_REQUIRE(log_in(*store, later, "later"));
        const auto id = later.at("later").user;
        BOOST_TEST_REQUIRE(run(store->find_user(id)).has_value());
        fs::remove(file.where.path + "-wal");
        fs::remove(file.where.path + "-shm");
        fs::rename(backup, file.where.path);
        ledger lost;
        BOOST_TEST(!log_in(*store, lost, "lost"));
        BOOST_TEST(recovers(*store));
        BOOST_TEST(log_in(*store, in_backup, "user 1"));
        const auto gone = run(store->find_user(id));
        BOOST_TEST_REQUIRE(gone.has_error());
        BOOST_TEST((gone.error().code == errc::not_found));
    }
    check_file(file.where.path, in_backup);
}

BOOST_AUTO_TEST_CASE(flipped_pages_are_found_at_start_and_named) {
    sqlite_file file;
    ledger acknowledged;
    fill(file, acknowledged, 300);
    file.where.check = storage::sqlite::start_check::always;
    BOOST_TEST(reason_not_to_open(file) == "");
    const auto pages = fs::file_size(file.where.path) / 4096;
    for (std::uintmax_t page = 2; page < pages; ++page)
        overwrite(file.where.path, static_cast<std::streamoff>(page * 4096), std::string(64, '\xa5'));
    const std::string reason = reason_not_to_open(file);
    BOOST_TEST(reason.find("damaged") != std::string::npos);
    BOOST_TEST(reason.find("restore a backup") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_damaged_page_fails_the_logins_whose_rows_it_held_and_no_others) {
    sqlite_file file;
    ledger acknowledged;
    fill(file, acknowledged, 400);
    std::map<std::int64_t, std::int64_t> rows_of_leaf; // by page number
    {
        using namespace storage::sqlite;
        connection db{file.where.path, open_mode::read_only, unsynced_disk()};
        statement leaves{
            db, "SELECT pageno, ncell FROM dbstat WHERE name = 'identity' AND pagetype = 'leaf'"};
        for (execution row{leaves}; row.step();) rows_of_leaf[leaves.number(0)] = leaves.number(1);
    }
    BOOST_TEST(rows_of_leaf.size() > 3u);

    std::size_t leaves_with_a_divider = 0;
    for (const auto& [number, rows] : rows_of_leaf) {
        sqlite_file copy;
        fs::copy_file(file.where.path, copy.where.path);
        overwrite(copy.where.path, (number - 1) * 4096, std::string(4096, '\xa5'));
        copy.where.check = storage::sqlite::start_check::never;
        const auto store = copy.open();
        std::int64_t failed = 0;
        // The key is the same, so no row grows and no page has to be split with the damaged one.
        const auto log_in_once = [](storage::login_store& to, std::string openid,
                                    std::int64_t& failures) -> task<> {
            auto login = login_of(openid);
            const auto outcome = co_await to.record_login(std::move(login));
            if (!outcome) ++failures;
        };
        const lasting_loop loop;
        for (const auto& [openid, outcome] : acknowledged)
            asio::co_spawn(*loop, log_in_once(*store, openid, failed), asio::detached);
        loop->run();
        // The row in the parent that divides this leaf from the next is searched for through it.
        BOOST_TEST((failed == rows || failed == rows + 1));
        if (failed == rows + 1) ++leaves_with_a_divider;
        // The disk is well: nothing has to be opened again.
        BOOST_TEST(copy.counters.outages == 0u);
    }
    BOOST_TEST(leaves_with_a_divider == rows_of_leaf.size() - 1); // the last leaf has none
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused) {
    sqlite_file file;
    std::ofstream{file.where.path} << std::string(8192, 'x');
    BOOST_TEST(reason_not_to_open(file).find("not a database") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_log_that_was_cut_short_loses_its_end_and_nothing_else) {
    sqlite_file file;
    ledger acknowledged;
    sqlite_file crashed;
    {
        const auto store = file.open();
        for (unsigned number = 0; number < 20; ++number)
            log_in(*store, acknowledged, "user " + std::to_string(number));
        for (const char* end : {"", "-wal"}) fs::copy_file(file.where.path + end, crashed.where.path + end);
    }
    fs::resize_file(crashed.where.path + "-wal", fs::file_size(crashed.where.path + "-wal") / 2 + 100);
    {
        const auto store = crashed.open();
        ledger later;
        BOOST_TEST(log_in(*store, later, "later"));
    }
    check_file(crashed.where.path, {});
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_there_is_named) {
    sqlite_file file;
    file.where.path = file.directory.file("missing/users.db");
    BOOST_TEST(reason_not_to_open(file).find("missing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_may_not_be_written_is_refused_at_start) {
    if (::geteuid() == 0) {
        BOOST_TEST_MESSAGE("root may write everything: a directory in its place is the next best");
        sqlite_file file;
        fs::create_directory(file.where.path);
        BOOST_TEST(reason_not_to_open(file) != "");
        return;
    }
    sqlite_file file;
    file.open().reset();
    ::chmod(file.where.path.c_str(), 0400);
    BOOST_TEST(reason_not_to_open(file) != "");
}

BOOST_AUTO_TEST_CASE(nobody_else_can_read_the_files) {
    sqlite_file file;
    const auto store = file.open();
    for (const char* end : {"", "-wal", "-shm", ".lock"}) {
        struct stat found{};
        BOOST_TEST_REQUIRE(::stat((file.where.path + end).c_str(), &found) == 0);
        BOOST_TEST((found.st_mode & 0777) == 0600u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

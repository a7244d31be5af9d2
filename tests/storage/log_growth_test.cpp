// The write-ahead log stays within bounds.
#include "tests/storage/sqlite_file.hpp"

#include <filesystem>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage::sqlite;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t page = 4096 + 24;

std::uintmax_t log_size(const sqlite_file& file) {
    return fs::file_size(file.where.path + "-wal");
}

void keep_logging_in(storage::login_store& store, unsigned logins) {
    ledger acknowledged;
    for (unsigned number = 0; number < logins; ++number)
        log_in(store, acknowledged, "user " + std::to_string(number % 50));
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_growth)

BOOST_AUTO_TEST_CASE(under_load_the_log_starts_again_and_again) {
    sqlite_file file;
    file.limits.checkpoint_pages = 50;
    const auto store = file.open();
    std::uintmax_t largest = 0;
    for (int round = 0; round < 20; ++round) {
        keep_logging_in(*store, 50);
        largest = std::max(largest, log_size(file));
    }
    BOOST_TEST(file.counters.checkpoints > 20u);
    BOOST_TEST(largest < 100 * page);
}

BOOST_AUTO_TEST_CASE(a_long_reader_makes_it_grow_and_after_him_it_is_bounded_again) {
    sqlite_file file;
    file.limits.checkpoint_pages = 50;
    const auto store = file.open();
    keep_logging_in(*store, 10);
    std::uint64_t pages = 0;
    {
        connection db = open_for_reading(file.where);
        statement all{db, "SELECT * FROM identity"};
        execution reading{all};
        BOOST_TEST_REQUIRE(reading.step());
        keep_logging_in(*store, 300);
        pages = file.counters.wal_pages;
        BOOST_TEST(pages > 200u); // nothing could be folded that he still reads around
    }
    keep_logging_in(*store, 60);
    BOOST_TEST(file.counters.wal_pages < 100u);
    const auto size = log_size(file);
    keep_logging_in(*store, 300);
    BOOST_TEST(log_size(file) == size);
}

BOOST_AUTO_TEST_CASE(closing_folds_all_of_it_back) {
    sqlite_file file;
    ledger acknowledged;
    {
        const auto store = file.open();
        log_in(*store, acknowledged, "user");
        BOOST_TEST(run(store->find_user(acknowledged.at("user").user)).has_value()); // a reader is open
        BOOST_TEST(log_size(file) > 0u);
    }
    BOOST_TEST(!fs::exists(file.where.path + "-wal"));
    check_file(file.where.path, acknowledged);
}

BOOST_AUTO_TEST_SUITE_END()

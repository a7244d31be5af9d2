#include "storage/sqlite/long_reads.hpp"
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/run_task.hpp"

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage::sqlite;

namespace {

result<std::size_t> count_revocations(read_tables& from) {
    return from.sessions.revocations_at({}).size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(long_reads)

using reads = wxlogind::storage::sqlite::long_reads;

BOOST_AUTO_TEST_CASE(a_long_read_runs_on_a_thread_of_its_own) {
    sqlite_file file;
    const auto store = file.open();
    reads reading{file.where, [] { return 1; }};
    const auto where =
        run(reading.read([](read_tables&) -> result<std::thread::id> { return std::this_thread::get_id(); }));
    BOOST_TEST_REQUIRE(where.has_value());
    BOOST_TEST((*where != std::this_thread::get_id()));
    const auto found = run(reading.read(&count_revocations));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(*found == 0u);
}

BOOST_AUTO_TEST_CASE(a_read_that_finds_too_many_before_it_is_refused_at_once) {
    sqlite_file file;
    const auto store = file.open();
    reads reading{file.where, [] { return 1; }, 4};
    unsigned done = 0;
    unsigned refused = 0;
    const auto read_once = [](reads& from, unsigned& ok, unsigned& full) -> task<> {
        const auto found = co_await from.read(&count_revocations);
        if (found)
            ++ok;
        else if (found.error().code == errc::overloaded)
            ++full;
    };
    const lasting_loop loop;
    for (int each = 0; each < 200; ++each)
        asio::co_spawn(*loop, read_once(reading, done, refused), asio::detached);
    loop->run();
    BOOST_TEST(done + refused == 200u);
    BOOST_TEST(done >= 4u);
    BOOST_TEST(refused > 0u);
}

BOOST_AUTO_TEST_CASE(a_read_without_a_database_fails_and_a_closed_one_is_refused) {
    sqlite_file file;
    reads reading{file.where, [] { return 1; }};
    const auto without = run(reading.read(&count_revocations));
    BOOST_TEST_REQUIRE(without.has_error());
    BOOST_TEST((without.error().code == errc::storage_unavailable));
    reading.close();
    const auto closed = run(reading.read(&count_revocations));
    BOOST_TEST(closed.has_error());
}

BOOST_AUTO_TEST_SUITE_END()

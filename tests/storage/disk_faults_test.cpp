// The n-th operation on the disk fails, for n = 1, 2, 3 … until none is left to fail.
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/faulty_vfs.hpp"

#include <ostream>

using namespace wxlogind;
using namespace wxlogind::test;

namespace {

struct fault {
    file_operation what;
    fault_kind how;
    bool until_healed;
};

constexpr fault every_fault[] = {
    {file_operation::write, fault_kind::io_error, false},
    {file_operation::write, fault_kind::io_error, true},
    {file_operation::write, fault_kind::disk_full, false},
    {file_operation::write, fault_kind::disk_full, true},
    {file_operation::sync, fault_kind::io_error, false},
    {file_operation::sync, fault_kind::io_error, true},
    {file_operation::open, fault_kind::io_error, true},
    {file_operation::truncate, fault_kind::io_error, true},
};

std::string describe(const fault& it, unsigned n) {
    return "operation " + std::to_string(static_cast<int>(it.what)) + " number " + std::to_string(n) +
           " fails with fault " + std::to_string(static_cast<int>(it.how)) +
           (it.until_healed ? " until healed" : " once");
}

// false: the fault did not come to pass, `n` is past the last operation.
bool survives(faulty_vfs& disk, const fault& it, unsigned n) {
    sqlite_file file;
    file.where.vfs = "faulty";
    file.limits.checkpoint_pages = 12; // folding back fails as well
    ledger acknowledged;
    bool did_fire = false;
    {
        const auto store = file.open();
        BOOST_TEST_REQUIRE(log_in(*store, acknowledged, "before"));
        const auto known = acknowledged.at("before").user;
        BOOST_TEST_REQUIRE(run(store->find_user(known)).has_value());

        disk.fail_nth(it.what, n, it.how, it.until_healed);
        bool was_refused = false;
        for (unsigned number = 0; number < 8; ++number) {
            was_refused |= !log_in(*store, acknowledged, "user " + std::to_string(number % 6));
            // Reads go on, whatever the writer is at.
            BOOST_TEST(run(store->find_user(known)).has_value());
        }
        did_fire = disk.fired() > 0;
        if (did_fire && it.until_healed && it.what != file_operation::open && was_refused) {
            BOOST_TEST(!run(store->probe(noon)).has_value());
        }
        disk.heal();
        BOOST_TEST(recovers(*store));
        BOOST_TEST(log_in(*store, acknowledged, "after"));
        for (const auto& [openid, outcome] : acknowledged)
            BOOST_TEST(run(store->find_user(outcome.user)).has_value());
    }
    check_file(file.where.path, acknowledged);
    return did_fire;
}

} // namespace

BOOST_AUTO_TEST_SUITE(disk_faults)

BOOST_AUTO_TEST_CASE(nothing_acknowledged_is_lost_and_writing_goes_on_when_the_disk_does) {
    faulty_vfs disk{"faulty"};
    for (const fault& each : every_fault) {
        unsigned n = 1;
        for (; n < 500; ++n) {
            BOOST_TEST_CONTEXT(describe(each, n)) {
                if (!survives(disk, each, n)) break;
            }
        }
        BOOST_TEST(n < 500u);
        if (each.what == file_operation::write || each.what == file_operation::sync) BOOST_TEST(n > 8u);
    }
}

BOOST_AUTO_TEST_CASE(a_start_on_a_failing_disk_ends_with_a_reason_and_the_next_one_works) {
    faulty_vfs disk{"faulty"};
    for (const auto what : {file_operation::open, file_operation::write, file_operation::sync}) {
        bool did_fire = true;
        for (unsigned n = 1; did_fire && n < 200; ++n) {
            BOOST_TEST_CONTEXT(describe({what, fault_kind::io_error, true}, n)) {
                sqlite_file file;
                file.where.vfs = "faulty";
                disk.fail_nth(what, n, fault_kind::io_error, true);
                ledger acknowledged;
                try {
                    const auto store = file.open();
                    log_in(*store, acknowledged, "user");
                } catch (const std::runtime_error& e) {
                    BOOST_TEST(std::string{e.what()}.size() > 10u);
                }
                did_fire = disk.fired() > 0;
                disk.heal();
                {
                    const auto store = file.open();
                    BOOST_TEST(log_in(*store, acknowledged, "another user"));
                }
                check_file(file.where.path, acknowledged);
            }
        }
        BOOST_TEST(!did_fire);
    }
}

BOOST_AUTO_TEST_CASE(a_write_that_waited_through_an_outage_is_answered) {
    faulty_vfs disk{"faulty"};
    sqlite_file file;
    file.where.vfs = "faulty";
    file.limits.max_batch_rows = 2;
    const auto store = file.open();
    disk.fail_nth(file_operation::sync, 3, fault_kind::io_error, true);
    unsigned answers = 0;
    const auto log_in_once = [](storage::login_store& to, unsigned number, unsigned& answered) -> task<> {
        auto login = login_of("user " + std::to_string(number));
        const auto outcome = co_await to.record_login(std::move(login));
        (void)outcome;
        ++answered;
    };
    const lasting_loop loop;
    for (unsigned number = 0; number < 100; ++number)
        asio::co_spawn(*loop, log_in_once(*store, number, answers), asio::detached);
    loop->run(); // ends only if all are answered
    BOOST_TEST(answers == 100u);
    BOOST_TEST(disk.fired() > 0u);
    disk.heal();
    BOOST_TEST(recovers(*store));
}

BOOST_AUTO_TEST_SUITE_END()

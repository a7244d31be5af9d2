#include "core/server/audit_keeping.hpp"
#include "storage/open_store.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;

BOOST_AUTO_TEST_SUITE(audit_keeping)

BOOST_AUTO_TEST_CASE(failed_logins_become_one_record_a_reason_and_old_records_go) {
    using namespace std::chrono_literals;
    const temporary_directory files;
    storage::store_counters counters;
    const manual_wall_clock clock{noon};
    const auto store = storage::open_store({.url = "sqlite:" + files.file("users.db")}, counters);
    BOOST_TEST_REQUIRE(
        run(store->audit().append({.event = storage::audit_event::banned}, noon - std::chrono::hours{49}))
            .has_value());
    handlers::failed_logins failures;
    for (int i = 0; i < 1000; ++i) failures.note(errc::code_rejected);
    failures.note(errc::user_blocked);

    net::reactor_pool reactors{1};
    const std::atomic<std::chrono::hours> retention{std::chrono::hours{48}};
    const audit_pace quick{.between_records = 1ms, .between_slices = 1ms};
    asio::co_spawn(
        reactors[0].get_executor(),
        keep_audit_log(reactors[0], store->audit(), failures, clock, retention, quick), asio::detached);
    reactors.start();
    const auto records = [&] { return run(store->audit().read({})).value().records; };
    const auto limit = steady_clock::now() + 20s;
    const auto is_settled = [&] {
        const auto now = records();
        return now.size() == 2 && now.back().event == storage::audit_event::login_failed;
    };
    while (steady_clock::now() < limit && !is_settled()) std::this_thread::yield();
    const auto seen = records();
    store->close();
    reactors.stop_and_join();

    BOOST_TEST_REQUIRE(seen.size() == 2u);
    BOOST_TEST(seen[0].detail == "user_blocked");
    BOOST_TEST(seen[0].count == 1);
    BOOST_TEST(seen[1].detail == "code_rejected");
    BOOST_TEST(seen[1].count == 1000);
}

BOOST_AUTO_TEST_SUITE_END()

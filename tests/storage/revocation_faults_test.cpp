// A disk that fails while sessions are ended: what the database holds afterwards, token checks know.
#include "tests/storage/sqlite_file.hpp"
#include "tests/storage/told_changes.hpp"
#include "tests/support/faulty_vfs.hpp"

#include <filesystem>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(revocation_faults)

BOOST_AUTO_TEST_CASE(after_an_outage_token_checks_know_what_the_failed_commit_has_left_behind) {
    faulty_vfs disk{"failing revocations"};
    sqlite_file file;
    file.where.vfs = "failing revocations";
    told_changes observer;
    sqlite_store store{file.where, file.limits, file.counters, &observer};
    unsigned failed = 0;
    for (const auto what : {file_operation::write, file_operation::sync})
        for (unsigned n = 1; n < 12; ++n) {
            const auto login = run(store.record_login(login_of("alice")));
            BOOST_TEST_REQUIRE(login.has_value());
            disk.fail_nth(what, n, fault_kind::io_error, false);
            const auto ended =
                run(store.sessions().revoke_session(login->session, login->user, {noon, noon + 2h}));
            disk.heal();
            if (ended) BOOST_TEST(observer.knows(login->session));
            BOOST_TEST_REQUIRE(recovers(store));

            bool is_kept = false;
            const auto all = run(store.sessions().revocations_at(noon));
            for (const auto& each : all.value()) {
                BOOST_TEST(observer.knows(each.sid));
                is_kept |= each.sid == login->session;
            }
            if (ended) BOOST_TEST(is_kept);
            failed += ended ? 0 : 1;
        }
    BOOST_TEST(failed > 2u);
}

BOOST_AUTO_TEST_CASE(a_revocation_that_failed_and_was_kept_all_the_same_counts_after_the_outage) {
    sqlite_file file;
    told_changes observer;
    sqlite_store store{file.where, file.limits, file.counters, &observer};
    const auto login = run(store.record_login(login_of("alice")));
    BOOST_TEST_REQUIRE(login.has_value());
    const std::string away = file.where.path + ".away";

    std::filesystem::rename(file.where.path, away);
    const auto failed = run(store.sessions().revoke_session(login->session, login->user, {noon, noon + 2h}));
    BOOST_TEST(failed.has_error());
    BOOST_TEST(!observer.knows(login->session));
    std::filesystem::rename(away, file.where.path);
    BOOST_TEST_REQUIRE(recovers(store));
    BOOST_TEST(observer.knows(login->session));
}

BOOST_AUTO_TEST_SUITE_END()

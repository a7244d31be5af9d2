// A disk that fails while users are merged: it is done whole or not at all, and token checks know which.
#include "tests/storage/sqlite_file.hpp"
#include "tests/storage/told_changes.hpp"
#include "tests/support/faulty_vfs.hpp"

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

std::size_t accounts_of(sqlite_store& store, const user_id& user) {
    return run(store.users().identities_of(user)).value().size();
}

} // namespace

BOOST_AUTO_TEST_SUITE(merge_faults)

BOOST_AUTO_TEST_CASE(a_merge_is_done_whole_or_not_at_all) {
    faulty_vfs disk{"failing merges"};
    sqlite_file file;
    file.where.vfs = "failing merges";
    told_changes observer;
    sqlite_store store{file.where, file.limits, file.counters, &observer};
    unsigned failed = 0;
    unsigned number = 0;
    for (const auto what : {file_operation::write, file_operation::sync})
        for (unsigned n = 1; n < 12; ++n) {
            const std::string name = std::to_string(++number);
            const auto old = run(store.record_login(login_of("old " + name))).value();
            const auto young = run(store.record_login(login_of("young " + name, "key 1", noon + 1s))).value();
            disk.fail_nth(what, n, fault_kind::io_error, false);
            // Tokens that live on by the machine's clock, which is asked after an outage.
            const storage::revoking now{noon, noon + 24h * 3650};
            const auto merged = run(store.users().merge(young.user, old.user, now));
            disk.heal();
            BOOST_TEST_REQUIRE(recovers(store));

            const bool is_merged = run(store.find_user(young.user)).value().id == old.user;
            if (merged) BOOST_TEST(is_merged);
            BOOST_TEST(observer.knows(young.user) == is_merged);
            BOOST_TEST(accounts_of(store, old.user) == (is_merged ? 2u : 1u));
            BOOST_TEST(accounts_of(store, young.user) == (is_merged ? 0u : 1u));
            const auto session = run(store.sessions().find_session(young.session)).value();
            BOOST_TEST((session.user == (is_merged ? old.user : young.user)));
            failed += merged ? 0 : 1;
        }
    BOOST_TEST(failed > 2u);
}

BOOST_AUTO_TEST_SUITE_END()

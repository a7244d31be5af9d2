// What every store does when it is asked by the id of a user that was merged.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using storage::audit_event;
using storage::user_state;

namespace {

constexpr unix_millis later = noon + 1h;
const storage::revoking now{later, later + 2h, "cli:test"};

} // namespace

BOOST_AUTO_TEST_SUITE(merged_ids_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_done_to_the_merged_id_is_done_to_the_survivor, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const user_id old = run(store->record_login(login_of("old"))).value().user;
    const user_id young = run(store->record_login(login_of("young", "key 1", noon + 1min))).value().user;
    run(store->users().merge(young, old, now)).value();
    const auto is_revoked = [&](unix_millis at) {
        return std::ranges::any_of(
            run(store->sessions().revocations_at(later)).value(),
            [&](const auto& each) { return each.user == old && each.is_of_all && each.until == at; });
    };

    run(store->sessions().ban_user(young, now)).value();
    BOOST_TEST((run(store->find_user(old))->state == user_state::banned));
    BOOST_TEST(is_revoked(now.until));
    run(store->sessions().unban_user(young, now)).value();
    BOOST_TEST((run(store->find_user(old))->state == user_state::active));
    const storage::revoking once_more{later + 1min, later + 3h, "cli:test"};
    run(store->sessions().revoke_sessions_of(young, once_more)).value();
    BOOST_TEST(is_revoked(once_more.until));
    const auto found = run(store->users().list({.id = young}, std::nullopt, 10)).value();
    BOOST_TEST_REQUIRE(found.users.size() == 1u);
    BOOST_TEST((found.users[0].id == old));
    run(store->users().erase(young, now)).value();
    BOOST_TEST((run(store->find_user(old)).error().code == errc::not_found));

    for (const auto event :
         {audit_event::banned, audit_event::unbanned, audit_event::sessions_revoked, audit_event::erased}) {
        const auto records = run(store->audit().read({.event = event})).value().records;
        BOOST_TEST_REQUIRE(records.size() == 1u);
        BOOST_TEST((records[0].user == old));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_audit_log_of_a_user_has_what_happened_under_all_ids, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const user_id old = run(store->record_login(login_of("old"))).value().user;
    const user_id young = run(store->record_login(login_of("young", "key 1", noon + 1min))).value().user;
    const user_id youngest = run(store->record_login(login_of("last", "key 1", noon + 2min))).value().user;
    const user_id stranger = run(store->record_login(login_of("other", "key 1", noon + 3min))).value().user;
    run(store->sessions().ban_user(young, {noon + 4min, later, "cli:test"})).value();
    run(store->sessions().unban_user(young, {noon + 5min, later, "cli:test"})).value();
    run(store->sessions().ban_user(stranger, {noon + 6min, later, "cli:test"})).value();
    run(store->users().merge(youngest, young, now)).value();
    run(store->users().merge(young, old, now)).value();

    const auto events_of = [&](const user_id& user, std::size_t limit) {
        std::string events;
        storage::audit_query query{.user = user, .limit = limit};
        for (;;) {
            const auto page = run(store->audit().read(query)).value();
            for (const auto& each : page.records) events += std::string{to_string(each.event)} + ' ';
            if (!page.next) return events;
            query.before = *page.next;
        }
    };
    for (const user_id& each : {old, young, youngest})
        for (const std::size_t limit : {1u, 2u, 100u})
            BOOST_TEST(events_of(each, limit) == "merged merged unbanned banned login login login ");
    BOOST_TEST(events_of(stranger, 100) == "banned login ");
}

BOOST_AUTO_TEST_SUITE_END()

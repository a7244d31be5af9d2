// What every store promises of users beyond their logins, whichever database is behind it.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/contract/session_trails.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace wxlogind;
using namespace wxlogind::test;
using storage::profile_change;
using storage::user_filter;
using storage::user_position;
using storage::user_state;

namespace {

user_id log_in(storage::store& store, std::string_view openid) {
    const auto outcome = run(store.record_login(login_of(openid)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return outcome->user;
}

std::vector<user_id> list(storage::store& store, const user_filter& filter, std::size_t limit) {
    const auto page = run(store.users().list(filter, std::nullopt, limit));
    BOOST_TEST_REQUIRE(page.has_value());
    std::vector<user_id> ids;
    for (const auto& each : page->users) ids.push_back(each.id);
    return ids;
}

storage::revocation only_revocation_of(storage::store& store) {
    const auto all = run(store.sessions().revocations_at(noon));
    BOOST_TEST_REQUIRE(all.has_value());
    BOOST_TEST_REQUIRE(all->size() == 1u);
    return all->front();
}

constexpr unix_millis later = noon + std::chrono::hours{1};

} // namespace

BOOST_AUTO_TEST_SUITE(user_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_profile_change_writes_what_it_names_and_nothing_else, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const user_id alice = log_in(*store, "alice");
    const user_id bob = log_in(*store, "bob");

    profile_change first;
    first.nick_name = "Alice";
    first.city = "Guangzhou";
    first.gender = 2;
    BOOST_TEST_REQUIRE(run(store->users().change_profile(alice, first, noon)).has_value());
    profile_change second;
    second.city = "";
    const auto changed = run(store->users().change_profile(alice, second, later));
    BOOST_TEST_REQUIRE(changed.has_value());
    BOOST_TEST(changed->profile.nick_name == "Alice");
    BOOST_TEST(changed->profile.city == "");
    BOOST_TEST(changed->profile.gender == 2);
    BOOST_TEST((changed->updated == later));
    BOOST_TEST((changed->created == noon));

    store.reset();
    store = backend.open();
    BOOST_TEST(run(store->find_user(alice))->profile.nick_name == "Alice");
    BOOST_TEST(run(store->find_user(bob))->profile.nick_name == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_change_to_what_is_there_already_changes_nothing, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const user_id alice = log_in(*store, "alice");
    profile_change change;
    change.nick_name = "Alice";
    BOOST_TEST_REQUIRE(run(store->users().change_profile(alice, change, noon)).has_value());
    const auto again = run(store->users().change_profile(alice, change, later));
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST((again->updated == noon));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nobody_and_the_banned_change_nothing, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    profile_change change;
    change.nick_name = "Mallory";
    const auto nobody = run(store->users().change_profile(user_id{}, change, noon));
    BOOST_TEST_REQUIRE(!nobody.has_value());
    BOOST_TEST((nobody.error().code == errc::not_found));

    const user_id mallory = log_in(*store, "mallory");
    BOOST_TEST_REQUIRE(run(store->sessions().ban_user(mallory, {noon, later})).has_value());
    const auto banned = run(store->users().change_profile(mallory, change, noon));
    BOOST_TEST_REQUIRE(!banned.has_value());
    BOOST_TEST((banned.error().code == errc::user_blocked));
    BOOST_TEST(run(store->find_user(mallory))->profile.nick_name == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_erased_user_is_gone_and_comes_back_as_somebody_else, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    auto login = login_of("alice");
    login.unionid = "union alice";
    const user_id alice = run(store->record_login(login))->user;
    const user_id bob = log_in(*store, "bob");
    BOOST_TEST_REQUIRE(run(store->users().erase(alice, {noon, later, "key:support"})).has_value());

    BOOST_TEST((run(store->find_user(alice)).error().code == errc::not_found));
    BOOST_TEST(run(store->users().identities_of(alice))->empty());
    BOOST_TEST((run(store->users().erase(alice, {noon, later})).error().code == errc::not_found));
    const auto revoked = only_revocation_of(*store);
    BOOST_TEST((revoked.user == alice));
    BOOST_TEST(revoked.is_of_all);

    const auto again = run(store->record_login(login));
    BOOST_TEST_REQUIRE(again.has_value());
    BOOST_TEST(again->is_new);
    BOOST_TEST((again->user != alice));
    BOOST_TEST(run(store->find_user(bob)).has_value());

    const auto log = run(store->audit().read({.event = storage::audit_event::erased}));
    BOOST_TEST_REQUIRE(log->records.size() == 1u);
    BOOST_TEST((log->records[0].user == alice));
    BOOST_TEST(log->records[0].actor == "key:support");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(users_are_found_by_each_thing_that_is_known_of_them, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    auto login = login_of("open alice");
    login.unionid = "union alice";
    login.profile.nick_name = "Alice";
    const user_id alice = run(store->record_login(login))->user;
    const user_id bob = log_in(*store, "open bob");
    BOOST_TEST_REQUIRE(run(store->sessions().ban_user(bob, {noon, later})).has_value());

    using ids = std::vector<user_id>;
    BOOST_TEST((list(*store, {}, 10) == ids{bob, alice}));
    BOOST_TEST((list(*store, {.id = alice}, 10) == ids{alice}));
    BOOST_TEST((list(*store, {.id = user_id{}}, 10).empty()));
    BOOST_TEST((list(*store, {.unionid = "union alice"}, 10) == ids{alice}));
    BOOST_TEST((list(*store, {.unionid = "union"}, 10).empty()));
    BOOST_TEST((list(*store, {.openid = "open bob"}, 10) == ids{bob}));
    BOOST_TEST((list(*store, {.openid = "open"}, 10).empty()));
    BOOST_TEST((list(*store, {.nick_name_prefix = "Al"}, 10) == ids{alice}));
    BOOST_TEST((list(*store, {.nick_name_prefix = "al"}, 10).empty()));
    BOOST_TEST((list(*store, {.state = user_state::banned}, 10) == ids{bob}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(pages_show_everybody_once_while_users_come_and_go, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    std::set<user_id> here;
    for (int i = 0; i < 50; ++i) {
        auto login = login_of("user " + std::to_string(i));
        login.profile.nick_name = "Same name";
        here.insert(run(store->record_login(login))->user);
    }
    for (const bool by_name : {false, true}) {
        user_filter filter;
        if (by_name) filter.nick_name_prefix = "Same";
        std::set<user_id> seen;
        std::optional<user_position> behind;
        do {
            const auto page = run(store->users().list(filter, behind, 7));
            BOOST_TEST_REQUIRE(page.has_value());
            BOOST_TEST(page->users.size() <= 7u);
            for (const auto& each : page->users) BOOST_TEST(seen.insert(each.id).second);
            behind = page->next;
            log_in(*store, "newcomer " + std::to_string(seen.size()) + (by_name ? "n" : ""));
            // Behind whom the next page begins.
            if (behind && seen.size() == 21) {
                BOOST_TEST_REQUIRE(run(store->users().erase(behind->id, {noon, later})).has_value());
                here.erase(behind->id);
                seen.erase(behind->id);
            }
        } while (behind);
        BOOST_TEST(std::ranges::includes(seen, here));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sessions_of_one_user_are_found_among_all, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    std::vector<std::int64_t> wanted;
    user_id alice;
    for (int i = 0; i < 20; ++i) {
        const auto of_alice = run(store->record_login(login_of("alice")));
        alice = of_alice->user;
        wanted.push_back(of_alice->session);
        log_in(*store, "somebody else");
    }
    BOOST_TEST_REQUIRE(
        run(store->sessions().revoke_session(wanted[3], std::nullopt, {noon, later})).has_value());
    for (int opened = 0; opened < 2; ++opened) {
        const auto found = sessions_of(*store, alice);
        BOOST_TEST_REQUIRE(found.size() == wanted.size());
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const storage::session_record& each = found[wanted.size() - 1 - i];
            BOOST_TEST(each.sid == wanted[i]);
            BOOST_TEST(each.revoked.has_value() == (i == 3));
            BOOST_TEST(each.appid == "wx0000000000000001");
        }
        store.reset();
        store = backend.open();
    }
    BOOST_TEST(run(store->users().trail_of_sessions(user_id{}))->empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_older_session_that_was_refreshed_is_found_behind_those_that_have_expired, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto log_in_at = [&](unix_millis when) {
        return run(store->record_login(login_of("alice", "key 1", when))).value();
    };
    const auto first = log_in_at(noon); // expires, and is swept
    const auto refreshed = log_in_at(noon + std::chrono::hours{1});
    for (int i = 2; i < 40; ++i) log_in_at(noon + std::chrono::hours{i});
    storage::refresh_request request;
    request.sid = refreshed.session;
    request.rules = {
        .sliding = std::chrono::hours{720},
        .longest = std::chrono::hours{2160},
        .grace = std::chrono::seconds{30}};
    request.when = {noon + std::chrono::hours{600}, noon + std::chrono::hours{602}};
    BOOST_TEST_REQUIRE(run(store->sessions().refresh(request)).has_value());

    const unix_millis much_later = noon + std::chrono::hours{1000};
    BOOST_TEST(run(store->sessions().sweep({.now = much_later}))->deleted == 1u);
    auto found = sessions_of(*store, first.user);
    BOOST_TEST_REQUIRE(found.size() == 39u);
    BOOST_TEST(found.back().sid == refreshed.session);
    // A login goes on from there.
    const auto newest = log_in_at(much_later);
    BOOST_TEST(sessions_of(*store, first.user).size() == 40u);
    // When it is over, all that led to it go, in one round.
    const unix_millis in_the_end = noon + std::chrono::hours{1400};
    BOOST_TEST(run(store->sessions().sweep({.now = in_the_end}))->deleted == 39u);
    found = sessions_of(*store, first.user);
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found.front().sid == newest.session);
}

BOOST_AUTO_TEST_SUITE_END()

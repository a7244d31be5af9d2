// What every store promises of users beyond their logins, whichever database is behind it.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;
using storage::profile_change;

namespace {

user_id log_in(storage::store& store, std::string_view openid) {
    const auto outcome = run(store.record_login(login_of(openid)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return outcome->user;
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

BOOST_AUTO_TEST_SUITE_END()

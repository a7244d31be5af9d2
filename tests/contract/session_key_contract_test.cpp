// What every store promises about the session_keys that came with logins.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <map>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::test;
using storage::login_outcome;
using storage::revoking;

namespace {

const std::string app = login_of("anybody").appid;

login_outcome log_in(storage::login_store& store, storage::login_record record) {
    const auto outcome = run(store.record_login(std::move(record)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

auto keys_of(storage::store& store, const user_id& user, const std::string& appid = app) {
    return run(store.session_keys().keys_of(user, appid));
}

using texts = std::vector<std::string>;

texts envelopes_of(storage::store& store, const user_id& user, const std::string& appid = app) {
    const auto keys = keys_of(store, user, appid);
    BOOST_TEST_REQUIRE(keys.has_value());
    texts all;
    for (const auto& each : *keys) all.push_back(each.envelope);
    return all;
}

void expect_none(storage::store& store, const user_id& user, const std::string& appid = app) {
    const auto none = keys_of(store, user, appid);
    BOOST_TEST_REQUIRE(none.has_error());
    BOOST_TEST((none.error().code == errc::not_found));
}

storage::login_record in_app(std::string appid, storage::login_record login) {
    login.appid = std::move(appid);
    return login;
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_key_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_keys_of_a_user_come_newest_first, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice", "key 1"));
    log_in(*store, login_of("bob", "key of bob"));
    BOOST_TEST(envelopes_of(*store, alice.user) == texts{"sealed key 1"}, boost::test_tools::per_element());

    const unix_millis later = noon + std::chrono::hours{1};
    const auto again = log_in(*store, login_of("alice", "key 2", later));
    BOOST_TEST(
        envelopes_of(*store, alice.user) == (texts{"sealed key 2", "sealed key 1"}),
        boost::test_tools::per_element());
    const auto keys = keys_of(*store, alice.user);
    BOOST_TEST(keys->front().openid == "alice");
    BOOST_TEST(keys->front().sid == again.session);
    BOOST_TEST((keys->front().since == later));
    BOOST_TEST((keys->back().since == noon));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_key_that_came_again_stands_there_once, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice", "key 1"));
    for (int i = 0; i < 20; ++i) log_in(*store, login_of("alice", "key 2"));
    BOOST_TEST(
        envelopes_of(*store, alice.user) == (texts{"sealed key 2", "sealed key 1"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_key_is_replaced_where_it_stands_and_only_while_it_does, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice", "key 1"));
    log_in(*store, login_of("alice", "key 2"));
    const auto newest = keys_of(*store, alice.user)->front();
    const auto replace = [&](const char* envelope, std::uint64_t fingerprint) {
        return run(store->session_keys().replace(newest, envelope, fingerprint)).value();
    };
    BOOST_TEST(replace("sealed reset", 4711));
    BOOST_TEST(
        envelopes_of(*store, alice.user) == (texts{"sealed reset", "sealed key 1"}),
        boost::test_tools::per_element());
    BOOST_TEST(!replace("sealed again", 4712));
    store.reset();
    store = backend.open();
    BOOST_TEST(
        envelopes_of(*store, alice.user) == (texts{"sealed reset", "sealed key 1"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_more_keys_are_given_than_serve, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice", "key 0"));
    for (int i = 1; i < 10; ++i) log_in(*store, login_of("alice", "key " + std::to_string(i)));
    const auto keys = envelopes_of(*store, alice.user);
    BOOST_TEST(keys.size() == storage::session_key_store::most_keys);
    BOOST_TEST(keys.front() == "sealed key 9");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_app_of_a_user_has_keys_of_its_own, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    auto first = login_of("alice", "key here");
    first.unionid = "alice everywhere";
    auto second = in_app("wx0000000000000002", login_of("alice there", "key there"));
    second.unionid = first.unionid;
    const auto here = log_in(*store, first);
    const auto there = log_in(*store, second);
    BOOST_TEST_REQUIRE((here.user == there.user));
    BOOST_TEST(envelopes_of(*store, here.user) == texts{"sealed key here"}, boost::test_tools::per_element());
    BOOST_TEST(
        envelopes_of(*store, here.user, "wx0000000000000002") == texts{"sealed key there"},
        boost::test_tools::per_element());
    expect_none(*store, here.user, "wx0000000000000003");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    two_accounts_of_a_user_in_one_app_are_told_apart_by_their_openids, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    auto first = login_of("alice", "key 1");
    first.unionid = "alice everywhere";
    auto second = login_of("alice again", "key 2");
    second.unionid = first.unionid;
    const auto alice = log_in(*store, first);
    log_in(*store, second);
    const auto keys = keys_of(*store, alice.user);
    BOOST_TEST_REQUIRE(keys->size() == 2u);
    BOOST_TEST(keys->front().openid == "alice again");
    BOOST_TEST(keys->back().openid == "alice");

    const auto of_one = run(store->session_keys().keys_of_account(app, "alice"));
    BOOST_TEST_REQUIRE(of_one->size() == 1u);
    BOOST_TEST(of_one->front().envelope == "sealed key 1");
    BOOST_TEST(run(store->session_keys().keys_of_account(app, "nobody")).has_error());
    BOOST_TEST(run(store->session_keys().keys_of_account("wx-none", "alice")).has_error());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keys_are_found_after_the_store_was_opened_again, Backend, every_backend) {
    Backend backend;
    user_id alice;
    {
        auto store = backend.open();
        alice = log_in(*store, login_of("alice", "key 1")).user;
        log_in(*store, login_of("alice", "key 2"));
    }
    auto store = backend.open();
    BOOST_TEST(
        envelopes_of(*store, alice) == (texts{"sealed key 2", "sealed key 1"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refresh_keeps_the_key_of_the_login, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice", "key 1"));
    storage::refresh_request request;
    request.sid = alice.session;
    request.rules = {std::chrono::hours{720}, std::chrono::hours{2160}, std::chrono::seconds{30}};
    request.when = {noon + std::chrono::hours{1}, noon + std::chrono::hours{3}};
    const auto refreshed = run(store->sessions().refresh(request));
    BOOST_TEST_REQUIRE(refreshed.has_value());
    BOOST_TEST((refreshed->verdict == storage::refresh_verdict::rotate));
    BOOST_TEST(envelopes_of(*store, alice.user) == texts{"sealed key 1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(who_is_unknown_or_erased_has_no_keys, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    expect_none(*store, user_id{});
    const auto alice = log_in(*store, login_of("alice"));
    const auto erased = run(store->users().erase(alice.user, revoking{noon, noon + std::chrono::hours{2}}));
    BOOST_TEST_REQUIRE(erased.has_value());
    expect_none(*store, alice.user);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keys_go_with_the_sessions_that_have_expired, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice", "key 1"));
    log_in(*store, login_of("alice", "key 2", noon + std::chrono::hours{1}));
    storage::sweep_request sweep;
    sweep.now = noon + std::chrono::hours{720};
    BOOST_TEST_REQUIRE(run(store->sessions().sweep(sweep)).has_value());
    BOOST_TEST(envelopes_of(*store, alice.user) == texts{"sealed key 2"}, boost::test_tools::per_element());
    sweep.now += std::chrono::hours{1};
    BOOST_TEST_REQUIRE(run(store->sessions().sweep(sweep)).has_value());
    expect_none(*store, alice.user);
}

// Ids stand in an envelope's second to fifth byte.
BOOST_AUTO_TEST_CASE_TEMPLATE(what_each_key_has_sealed_is_counted_page_after_page, Backend, every_backend) {
    const auto sealed_by = [](char key) {
        return std::string{'\1', '\0', '\0', '\0', key} + std::string(60, 's');
    };
    Backend backend;
    auto store = backend.open();
    const auto log_in = [&](std::string_view openid, char key) {
        auto login = login_of(openid, "key", noon);
        login.sealed_session_key = sealed_by(key);
        const auto user = run(store->record_login(login)).value().user;
        storage::phone_binding phone{user, sealed_by(key), "index", {"index"}, noon};
        BOOST_TEST_REQUIRE(run(store->phones().bind_phone(phone)).has_value());
        return user;
    };
    for (const char key : {'\2', '\1'}) (void)log_in("alice", key);
    const auto alice = log_in("alice", '\2');
    // Whose number is set aside.
    const auto bob = log_in("bob", '\3');
    BOOST_TEST_REQUIRE(run(store->users().merge(bob, alice, {noon, noon})).has_value());
    store.reset();
    backend.change_while_closed(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) "
        "INSERT INTO session (sid, user, app, created, seen, expires, identity, session_key) "
        "SELECT sid - i, user, app, created, seen, expires, identity, session_key FROM n, "
        "(SELECT * FROM session ORDER BY sid LIMIT 1)");
    store = backend.open();

    using counts = std::map<std::uint32_t, std::uint64_t>;
    const auto all = run(store->sealed().count_by_key(1'000'000)).value();
    BOOST_TEST(all.is_whole);
    BOOST_TEST((all.phones == counts{{2, 1}, {3, 1}}));
    BOOST_TEST((all.session_keys == counts{{1, 1}, {2, 12'002}, {3, 1}})); // the first was made many
    BOOST_TEST(!run(store->sealed().count_by_key(6000)).value().is_whole);
}

BOOST_AUTO_TEST_SUITE_END()

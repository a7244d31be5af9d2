// What every store promises about the end of sessions.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;
using storage::login_outcome;
using storage::revocation;
using storage::revoking;
using storage::user_state;

namespace {

const revoking at_noon{noon, noon + std::chrono::hours{2}};

// On the writer thread; the store has to be closed before it is read.
class told final : public storage::revocation_observer {
public:
    void revoked(const revocation& what) noexcept override { all.push_back(what); }
    std::vector<revocation> all;
};

login_outcome log_in(storage::login_store& store, storage::login_record record) {
    const auto outcome = run(store.record_login(std::move(record)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

void expect_done(task<result<void>> what) {
    const auto done = run(std::move(what));
    BOOST_TEST(done.has_value());
}

void expect_not_found(task<result<void>> what) {
    const auto done = run(std::move(what));
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST((done.error().code == errc::not_found));
}

std::vector<revocation> remembered(storage::store& store, unix_millis now) {
    auto all = run(store.sessions().revocations_at(now));
    BOOST_TEST_REQUIRE(all.has_value());
    return *all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(session_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_session_is_found_as_it_is_now, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto find = [&](std::int64_t sid) { return run(store->sessions().find_session(sid)); };
    const auto alice = log_in(*store, login_of("alice"));
    auto found = find(alice.session);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST((found->user == alice.user));
    BOOST_TEST((found->owner == user_state::active));
    BOOST_TEST(found->appid == login_of("alice").appid);
    BOOST_TEST(found->generation == 0u);
    BOOST_TEST((found->created == noon));
    BOOST_TEST((found->expires == login_of("alice").session_expires));
    BOOST_TEST(!found->is_revoked);
    const auto nobody = find(alice.session + 1);
    BOOST_TEST_REQUIRE(nobody.has_error());
    BOOST_TEST((nobody.error().code == errc::not_found));

    const auto again = log_in(*store, login_of("alice"));
    expect_done(store->sessions().revoke_session(alice.session, std::nullopt, at_noon));
    BOOST_TEST(find(alice.session)->is_revoked);
    BOOST_TEST(!find(again.session)->is_revoked);
    expect_done(store->sessions().ban_user(alice.user, at_noon));
    found = find(again.session);
    BOOST_TEST(found->is_revoked);
    BOOST_TEST((found->owner == user_state::banned));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_revoked_session_is_told_once_and_remembered_until_its_tokens_are_over, Backend, every_backend) {
    Backend backend;
    told observer;
    auto store = backend.open(&observer);
    const auto alice = log_in(*store, login_of("alice"));
    for (int again = 0; again < 2; ++again)
        expect_done(store->sessions().revoke_session(alice.session, std::nullopt, at_noon));
    store.reset();
    BOOST_TEST_REQUIRE(observer.all.size() == 1u);
    BOOST_TEST((observer.all[0].user == alice.user));
    BOOST_TEST(observer.all[0].sid == alice.session);
    BOOST_TEST(!observer.all[0].is_of_all);

    store = backend.open();
    const auto after_a_restart = remembered(*store, noon + std::chrono::hours{1});
    BOOST_TEST_REQUIRE(after_a_restart.size() == 1u);
    BOOST_TEST((after_a_restart[0].user == alice.user));
    BOOST_TEST(after_a_restart[0].sid == alice.session);
    BOOST_TEST((after_a_restart[0].until == noon + std::chrono::hours{2}));
    BOOST_TEST(remembered(*store, noon + std::chrono::hours{2}).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_session_whose_row_is_gone_is_revoked_for_the_sake_of_its_token, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice"));
    expect_done(store->sessions().revoke_session(alice.session + 1, alice.user, at_noon));
    BOOST_TEST(remembered(*store, noon).size() == 1u);
    expect_not_found(store->sessions().revoke_session(alice.session + 1, std::nullopt, at_noon));
    BOOST_TEST(remembered(*store, noon).size() == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    all_sessions_of_a_user_end_at_once_and_a_later_one_is_above_them, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    log_in(*store, login_of("alice"));
    const auto second = log_in(*store, login_of("alice"));
    expect_done(store->sessions().revoke_sessions_of(second.user, at_noon));
    const auto known = remembered(*store, noon);
    BOOST_TEST_REQUIRE(known.size() == 1u);
    BOOST_TEST(known[0].is_of_all);
    BOOST_TEST(known[0].sid >= second.session);

    const auto third = log_in(*store, login_of("alice"));
    BOOST_TEST(third.session > known[0].sid);
    store.reset();
    // Neither a restart nor a clock that was set back gives a number that is dead already.
    store = backend.open();
    const auto fourth = log_in(*store, login_of("alice", "key 1", noon - std::chrono::hours{1}));
    BOOST_TEST(fourth.session > third.session);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_ban_ends_all_sessions_until_it_is_lifted, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice"));
    expect_done(store->sessions().ban_user(alice.user, at_noon));
    BOOST_TEST(remembered(*store, noon).size() == 1u);
    const auto refused = log_in(*store, login_of("alice"));
    BOOST_TEST((refused.state == user_state::banned));
    BOOST_TEST(refused.session == 0);

    expect_done(store->sessions().unban_user(alice.user, at_noon));
    const auto back = log_in(*store, login_of("alice"));
    BOOST_TEST((back.user == alice.user));
    BOOST_TEST(back.session > remembered(*store, noon)[0].sid);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(nobody_can_be_banned_who_is_not_there, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    expect_not_found(store->sessions().ban_user(user_id{}, at_noon));
    expect_not_found(store->sessions().unban_user(user_id{}, at_noon));
    BOOST_TEST(remembered(*store, noon).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_clock_that_was_set_back_over_a_restart_ends_no_revocation_before_the_tokens_it_concerns, Backend,
    every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice"));
    const auto bob = log_in(*store, login_of("bob"));
    store.reset();
    store = backend.open();
    // Tokens of noon count from noon to two hours later, by a clock that says seven in the morning.
    const unix_millis seven = noon - std::chrono::hours{5};
    const revoking at_seven{seven, seven + std::chrono::hours{2}};
    expect_done(store->sessions().revoke_session(alice.session, alice.user, at_seven));
    expect_done(store->sessions().revoke_sessions_of(bob.user, at_seven));
    const auto still = remembered(*store, noon + std::chrono::hours{2} - std::chrono::milliseconds{1});
    BOOST_TEST(still.size() == 2u);
    // Sessions that begin now are above those that were ended.
    auto again = login_of("bob", "key 1", seven);
    const auto later = log_in(*store, again);
    BOOST_TEST(later.session > still[1].sid);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    nor_does_one_before_the_tokens_of_a_refresh_that_came_after_the_last_login, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice", "key 1", noon - std::chrono::hours{1}));
    storage::refresh_request request;
    request.sid = alice.session;
    request.when = at_noon;
    request.rules.sliding = request.rules.longest = std::chrono::hours{24};
    BOOST_TEST_REQUIRE(
        (run(store->sessions().refresh(request)).value().verdict == storage::refresh_verdict::rotate));
    store.reset();
    store = backend.open();
    const unix_millis seven = noon - std::chrono::hours{5};
    const revoking at_seven{seven, seven + std::chrono::hours{2}};
    expect_done(store->sessions().revoke_session(alice.session, alice.user, at_seven));
    BOOST_TEST(remembered(*store, noon + std::chrono::hours{2} - std::chrono::milliseconds{1}).size() == 1u);
    // It is not remembered for ever either.
    BOOST_TEST(remembered(*store, noon + std::chrono::hours{2} + std::chrono::minutes{2}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

// What every store promises about refreshing sessions, counting them, and clearing away those that are over.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;
using storage::login_outcome;
using storage::refresh_outcome;
using storage::refresh_request;
using storage::refresh_verdict;
using storage::revoking;
using namespace std::chrono_literals;
using enum storage::refresh_verdict;

namespace {

constexpr storage::rotation_rules rules{.sliding = 720h, .longest = 2160h, .grace = 30s};

login_outcome log_in(storage::login_store& store, storage::login_record record) {
    const auto outcome = run(store.record_login(std::move(record)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

refresh_request
request_of(std::int64_t sid, std::uint32_t generation, unix_millis now = noon, std::uint32_t signer = 7) {
    refresh_request request;
    request.sid = sid;
    request.generation = generation;
    request.signer = signer;
    request.rules = rules;
    request.when = {now, now + 2h};
    return request;
}

refresh_outcome refresh(storage::store& store, refresh_request request) {
    auto outcome = run(store.sessions().refresh(std::move(request)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

void expect_verdict(
    storage::store& store, std::int64_t sid, std::uint32_t generation, refresh_verdict verdict,
    unix_millis now = noon) {
    const auto outcome = refresh(store, request_of(sid, generation, now));
    BOOST_TEST((outcome.verdict == verdict));
}

void expect_the_same_pair(const refresh_outcome& a, const refresh_outcome& b) {
    BOOST_TEST((a.user == b.user));
    BOOST_TEST(a.appid == b.appid);
    BOOST_TEST(a.openid == b.openid);
    BOOST_TEST(a.generation == b.generation);
    BOOST_TEST(a.signer == b.signer);
    BOOST_TEST((a.rotated == b.rotated));
    BOOST_TEST((a.expires == b.expires));
}

void sweep_everything(storage::store& store, unix_millis now) {
    storage::sweep_request slice;
    slice.now = now;
    for (bool is_at_end = false; !is_at_end;) {
        const auto done = run(store.sessions().sweep(slice));
        BOOST_TEST_REQUIRE(done.has_value());
        slice.after = done->last;
        is_at_end = done->is_at_end;
    }
}

task<> refresh_at_once(storage::store& store, std::int64_t sid, refresh_outcome& into) {
    auto request = request_of(sid, 0);
    auto outcome = co_await store.sessions().refresh(std::move(request));
    if (outcome) into = *outcome;
}

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refresh_says_everything_that_tokens_are_made_of, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    auto login = login_of("alice");
    login.unionid = "u1";
    const auto alice = log_in(*store, login);
    const auto outcome = refresh(*store, request_of(alice.session, 0, noon + 1h));
    BOOST_TEST((outcome.verdict == rotate));
    BOOST_TEST((outcome.user == alice.user));
    BOOST_TEST(outcome.appid == login.appid);
    BOOST_TEST(outcome.openid == "alice");
    BOOST_TEST(outcome.unionid.value() == "u1");
    BOOST_TEST(outcome.generation == 1u);
    BOOST_TEST(outcome.signer == 7u);
    BOOST_TEST((outcome.rotated == noon + 1h));
    BOOST_TEST((outcome.expires == noon + 721h));
    BOOST_TEST(backend.counters.refreshes == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_same_pair_comes_again_after_a_restart_and_under_another_key, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice"));
    const auto first = refresh(*store, request_of(alice.session, 0, noon, 7));
    store.reset();
    store = backend.open();
    const auto again = refresh(*store, request_of(alice.session, 0, noon + 30s, 8));
    BOOST_TEST((again.verdict == repeat));
    expect_the_same_pair(first, again);
    BOOST_TEST(backend.counters.repeated_refreshes == 1u);
    expect_verdict(*store, alice.session, 1, rotate, noon + 31s);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_theft_ends_the_session_for_thief_and_owner, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice"));
    const auto elsewhere = log_in(*store, login_of("alice"));
    expect_verdict(*store, alice.session, 0, rotate);
    expect_verdict(*store, alice.session, 0, stolen, noon + 31s);
    for (const std::uint32_t generation : {0u, 1u, 2u})
        expect_verdict(*store, alice.session, generation, refused, noon + 31s);
    expect_verdict(*store, elsewhere.session, 0, rotate);
    const auto told = run(store->sessions().revocations_at(noon));
    BOOST_TEST_REQUIRE(told.value().size() == 1u);
    BOOST_TEST((*told)[0].sid == alice.session);
    BOOST_TEST(backend.counters.refresh_thefts == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    of_refreshes_that_race_one_rotates_and_all_get_its_pair, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    for (int round = 0; round < 20; ++round) {
        const auto alice = log_in(*store, login_of("alice"));
        std::vector<refresh_outcome> outcomes(64);
        run_concurrently(4, 16, [&](unsigned loop, unsigned racer) {
            return refresh_at_once(*store, alice.session, outcomes[loop * 16 + racer]);
        });
        unsigned rotations = 0;
        for (const auto& each : outcomes) {
            BOOST_TEST((each.verdict == rotate || each.verdict == repeat));
            rotations += each.verdict == rotate ? 1 : 0;
            expect_the_same_pair(outcomes[0], each);
        }
        BOOST_TEST(rotations == 1u);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_ended_session_is_refused_and_a_banned_user_is_told, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const revoking now{noon, noon + 2h};
    const auto one = log_in(*store, login_of("alice"));
    const auto two = log_in(*store, login_of("alice"));
    run(store->sessions().revoke_session(one.session, std::nullopt, now)).value();
    expect_verdict(*store, one.session, 0, refused);
    expect_verdict(*store, two.session, 0, rotate);
    run(store->sessions().revoke_sessions_of(two.user, now)).value();
    expect_verdict(*store, two.session, 1, refused);

    const auto three = log_in(*store, login_of("alice"));
    run(store->sessions().ban_user(three.user, now)).value();
    for (const auto& each : {one, two, three}) {
        const auto outcome = refresh(*store, request_of(each.session, 0));
        BOOST_TEST((outcome.verdict == refused));
        BOOST_TEST((outcome.state == storage::user_state::banned));
    }
    run(store->sessions().unban_user(three.user, {noon, noon})).value();
    const auto after = refresh(*store, request_of(three.session, 0));
    BOOST_TEST((after.verdict == refused));
    BOOST_TEST((after.state == storage::user_state::active));

    expect_verdict(*store, three.session + 1, 0, refused); // there is none
    const auto four = log_in(*store, login_of("alice"));
    store.reset();
    backend.change_while_closed("DELETE FROM user");
    store = backend.open();
    expect_verdict(*store, four.session, 0, refused);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_oldest_sessions_go_where_only_some_are_allowed, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto limited = [](std::string_view appid, std::uint32_t most) {
        auto login = login_of("alice");
        login.appid = appid;
        login.max_sessions = most;
        login.tokens_end = noon + 2h;
        return login;
    };
    const auto unlimited = log_in(*store, login_of("alice"));
    std::vector<login_outcome> all;
    for (int each = 0; each < 4; ++each) {
        all.push_back(log_in(*store, limited("wx0000000000000002", 2)));
        log_in(*store, limited("wx0000000000000003", 1));
    }
    expect_verdict(*store, unlimited.session, 0, rotate);
    expect_verdict(*store, all[0].session, 0, refused);
    expect_verdict(*store, all[1].session, 0, refused);
    expect_verdict(*store, all[2].session, 0, rotate);
    expect_verdict(*store, all[3].session, 0, rotate);

    // A session that ended otherwise makes room.
    run(store->sessions().revoke_session(all[3].session, std::nullopt, {noon, noon + 2h})).value();
    const auto next = log_in(*store, limited("wx0000000000000002", 2));
    expect_verdict(*store, all[2].session, 1, rotate);
    // As do those that a logout of all has ended.
    run(store->sessions().revoke_sessions_of(next.user, {noon, noon + 2h})).value();
    const auto a = log_in(*store, limited("wx0000000000000002", 2));
    const auto b = log_in(*store, limited("wx0000000000000002", 2));
    expect_verdict(*store, a.session, 0, rotate);
    expect_verdict(*store, b.session, 0, rotate);
    // Set lower: the next login ends all that are too many.
    const auto only = log_in(*store, limited("wx0000000000000002", 1));
    expect_verdict(*store, a.session, 1, refused);
    expect_verdict(*store, b.session, 1, refused);
    expect_verdict(*store, only.session, 0, rotate);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_over_is_swept_and_what_lives_is_not, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto expired = log_in(*store, login_of("alice"));
    const auto refreshed = log_in(*store, login_of("alice"));
    const auto revoked = log_in(*store, login_of("bob"));
    const auto gone = log_in(*store, login_of("carol"));
    expect_verdict(*store, refreshed.session, 0, rotate, noon + 1h);
    run(store->sessions().revoke_session(revoked.session, std::nullopt, {noon, noon + 2h})).value();
    const auto late = noon + 720h;
    const auto young = log_in(*store, login_of("alice", "key 1", late));
    const auto just_revoked = log_in(*store, login_of("alice", "key 1", late));
    run(store->sessions().revoke_session(just_revoked.session, std::nullopt, {late, late + 2h})).value();
    store.reset();
    backend.change_while_closed(
        "DELETE FROM user WHERE id = (SELECT user FROM identity WHERE openid = 'carol')");
    store = backend.open();

    sweep_everything(*store, late);
    BOOST_TEST(backend.counters.swept_sessions == 3u);
    expect_verdict(*store, refreshed.session, 1, rotate, late);
    expect_verdict(*store, young.session, 0, rotate, late);
    for (const auto& each : {expired, revoked, gone, just_revoked})
        expect_verdict(*store, each.session, 0, refused, late);
    const auto remembered = run(store->sessions().revocations_at({}));
    BOOST_TEST(remembered.value().size() == 1u);
    store.reset();
    // No number is given again, though its session is gone.
    store = backend.open();
    sweep_everything(*store, late + 10000h);
    store.reset();
    store = backend.open();
    const auto next = log_in(*store, login_of("alice"));
    BOOST_TEST(next.session > just_revoked.session);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_long_table_is_swept_in_small_slices, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    constexpr unsigned logins = 1000;
    // NOLINTNEXTLINE(cppcoreguidelines-avoid-capturing-lambda-coroutines): kept until all have ended
    run_concurrently(1, logins, [&](unsigned, unsigned) -> task<> {
        auto login = login_of("alice");
        co_await store->record_login(std::move(login));
    });
    const auto living = log_in(*store, login_of("alice", "key 1", noon + 1000h));

    storage::sweep_request slice;
    slice.now = noon + 1000h;
    unsigned deleted = 0;
    unsigned slices = 0;
    for (bool is_at_end = false; !is_at_end && slices < 100; ++slices) {
        const auto done = run(store->sessions().sweep(slice));
        BOOST_TEST_REQUIRE(done.has_value());
        BOOST_TEST(done->deleted <= 128u);
        deleted += static_cast<unsigned>(done->deleted);
        slice.after = done->last;
        is_at_end = done->is_at_end;
    }
    BOOST_TEST(deleted == logins);
    BOOST_TEST(slices >= logins / 128);
    expect_verdict(*store, living.session, 0, rotate, noon + 1000h);
}

BOOST_AUTO_TEST_SUITE_END()

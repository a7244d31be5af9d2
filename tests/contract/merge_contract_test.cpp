// What every store promises of users who turn out to be one person.
#include "tests/contract/merges.hpp"

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using storage::audit_event;
using storage::refresh_verdict;
using storage::user_state;

BOOST_AUTO_TEST_SUITE(merge_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_unionid_that_arrives_later_merges_the_younger_user, Backend, every_backend) {
    for (const bool is_old_without : {true, false}) {
        Backend backend;
        told observer;
        const auto store = backend.open(&observer);
        auto first = in("wx0000000000000001", "old");
        auto second = in(second_app, "young", noon + 1min);
        (is_old_without ? second : first).unionid = "union";
        const auto old = log_in(*store, first);
        const auto young = log_in(*store, second);
        BOOST_TEST_REQUIRE((old.user != young.user));

        first.unionid = second.unionid = "union";
        const auto merged = log_in(*store, is_old_without ? first : second);
        BOOST_TEST((merged.user == old.user));
        BOOST_TEST(!merged.is_new);
        BOOST_TEST(merged.session > 0);
        BOOST_TEST((log_in(*store, first).user == old.user));
        BOOST_TEST((log_in(*store, second).user == old.user));
        BOOST_TEST(run(store->find_user(old.user))->unionid.value() == "union");
        BOOST_TEST((run(store->find_user(young.user))->id == old.user));
        BOOST_TEST(run(store->users().list({}, std::nullopt, 10))->users.size() == 1u);
        BOOST_TEST((observer.means.at(young.user) == old.user));
        BOOST_TEST(backend.counters.merges == 1u);
        BOOST_TEST(backend.counters.unionid_conflicts == 0u);

        const auto records = audited(*store, audit_event::merged);
        BOOST_TEST_REQUIRE(records.size() == 1u);
        BOOST_TEST((records[0].user == old.user));
        BOOST_TEST(records[0].actor == "server");
        BOOST_TEST(records[0].detail.starts_with(to_string(young.user)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sessions_follow_and_refresh_as_the_survivor, Backend, every_backend) {
    two_users<Backend> with;
    with.merge();
    with.reopen();
    const auto next = refresh(*with.store, with.young.session);
    BOOST_TEST((next.verdict == refresh_verdict::rotate));
    BOOST_TEST((next.user == with.old.user));
    BOOST_TEST(next.openid == "young");
    BOOST_TEST(next.appid == second_app);
    const auto found = run(with.store->sessions().find_session(with.young.session));
    BOOST_TEST((found.value().user == with.old.user));
    BOOST_TEST((refresh(*with.store, with.old.session).verdict == refresh_verdict::rotate));
    BOOST_TEST(sessions_of(*with.store, with.old.user).size() == 2u);
    BOOST_TEST(sessions_of(*with.store, with.young.user).empty());
    BOOST_TEST(run(with.store->users().identities_of(with.old.user))->size() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(own_values_win_and_missing_ones_are_taken_over, Backend, every_backend) {
    two_users<Backend> with;
    storage::profile_change of_old;
    of_old.nick_name = "Old";
    storage::profile_change of_young;
    of_young.nick_name = "Young";
    of_young.city = "Guangzhou";
    of_young.gender = 2;
    run(with.store->users().change_profile(with.old.user, of_old, noon)).value();
    run(with.store->users().change_profile(with.young.user, of_young, noon)).value();
    with.merge();
    const auto user = run(with.store->find_user(with.old.user)).value();
    BOOST_TEST(user.profile.nick_name == "Old");
    BOOST_TEST(user.profile.city == "Guangzhou");
    BOOST_TEST(user.profile.gender == 2);
    BOOST_TEST((user.created == noon));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_ended_before_stays_so_and_the_rest_lives, Backend, every_backend) {
    two_users<Backend> with;
    auto& sessions = with.store->sessions();
    const auto kept = log_in(*with.store, in(second_app, "young", noon + 2min));
    run(sessions.revoke_session(with.young.session, std::nullopt, now)).value();
    with.merge();
    BOOST_TEST((refresh(*with.store, with.young.session).verdict == refresh_verdict::refused));
    BOOST_TEST(with.observer.is_dead(with.young.user, with.young.session));
    BOOST_TEST((refresh(*with.store, kept.session).verdict == refresh_verdict::rotate));
    BOOST_TEST(!with.observer.is_dead(with.young.user, kept.session));
    BOOST_TEST(!with.observer.is_dead(with.old.user, with.old.session));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    all_sessions_that_the_merged_user_had_ended_stay_ended_and_those_of_the_survivor_live, Backend,
    every_backend) {
    two_users<Backend> with;
    run(with.store->sessions().revoke_sessions_of(with.young.user, now)).value();
    const auto after = log_in(*with.store, in(second_app, "young", noon + 2min));
    with.merge();
    with.reopen();
    BOOST_TEST((refresh(*with.store, with.young.session).verdict == refresh_verdict::refused));
    BOOST_TEST((refresh(*with.store, after.session).verdict == refresh_verdict::rotate));
    BOOST_TEST((refresh(*with.store, with.old.session).verdict == refresh_verdict::rotate));
    BOOST_TEST(with.observer.is_dead(with.young.user, with.young.session));
    BOOST_TEST(!with.observer.is_dead(with.young.user, after.session));
    BOOST_TEST(!with.observer.is_dead(with.old.user, with.old.session));
}

// Else a token of the merged session would be refused after its refresh, and count before it.
BOOST_AUTO_TEST_CASE_TEMPLATE(
    where_the_survivor_had_ended_all_the_sessions_merged_from_before_that_end, Backend, every_backend) {
    two_users<Backend> with;
    run(with.store->sessions().revoke_sessions_of(with.old.user, now)).value();
    const auto after = log_in(*with.store, in(second_app, "young", noon + 2min));
    with.merge();
    BOOST_TEST((refresh(*with.store, with.young.session).verdict == refresh_verdict::refused));
    BOOST_TEST(with.observer.is_dead(with.young.user, with.young.session));
    BOOST_TEST((refresh(*with.store, after.session).verdict == refresh_verdict::rotate));
    BOOST_TEST(!with.observer.is_dead(with.young.user, after.session));
    BOOST_TEST(!with.observer.is_dead(with.old.user, after.session));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    ending_sessions_of_the_survivor_ends_tokens_that_name_the_merged_user, Backend, every_backend) {
    two_users<Backend> with;
    const auto second = log_in(*with.store, in(second_app, "young", noon + 2min));
    with.merge();
    run(with.store->sessions().revoke_session(with.young.session, with.old.user, now)).value();
    BOOST_TEST(with.observer.is_dead(with.young.user, with.young.session));
    BOOST_TEST(with.observer.is_dead(with.old.user, with.young.session)); // a token after a refresh
    BOOST_TEST(!with.observer.is_dead(with.young.user, second.session));
    run(with.store->sessions().revoke_sessions_of(with.old.user, now)).value();
    with.reopen();
    BOOST_TEST(with.observer.is_dead(with.young.user, second.session));
    BOOST_TEST(with.observer.is_dead(with.old.user, with.old.session));
    BOOST_TEST((refresh(*with.store, second.session).verdict == refresh_verdict::refused));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(if_one_of_the_two_is_banned_the_survivor_is, Backend, every_backend) {
    for (const bool is_old_banned : {true, false}) {
        two_users<Backend> with;
        const user_id banned = is_old_banned ? with.old.user : with.young.user;
        run(with.store->sessions().ban_user(banned, now)).value();
        with.merge();
        BOOST_TEST((run(with.store->find_user(with.old.user))->state == user_state::banned));
        BOOST_TEST(with.observer.is_dead(with.old.user, with.old.session));
        BOOST_TEST(with.observer.is_dead(with.young.user, with.young.session));
        for (const auto& login : {in("wx0000000000000001", "old"), in(second_app, "young")}) {
            const auto refused = log_in(*with.store, login);
            BOOST_TEST((refused.state == user_state::banned));
            BOOST_TEST(refused.session == 0);
        }
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_ban_is_not_escaped_by_a_unionid_that_arrives_later, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto old = log_in(*store, in("wx0000000000000001", "old"));
    auto second = in(second_app, "young", noon + 1min);
    second.unionid = "union";
    const auto young = log_in(*store, second);
    run(store->sessions().ban_user(old.user, now)).value();

    auto again = in("wx0000000000000001", "old");
    again.unionid = "union";
    const auto refused = log_in(*store, again);
    BOOST_TEST((refused.state == user_state::banned));
    BOOST_TEST(refused.session == 0);
    BOOST_TEST((log_in(*store, second).state == user_state::banned));
    BOOST_TEST((refresh(*store, young.session).verdict == refresh_verdict::refused));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(merges_of_merges_lead_to_the_last_survivor, Backend, every_backend) {
    two_users<Backend> with; // old, young
    const auto oldest = log_in(*with.store, in("wx0000000000000003", "oldest", noon - 1h));
    with.merge();
    const auto twice = run(with.store->users().merge(with.old.user, oldest.user, now)).value();
    BOOST_TEST((twice.survivor == oldest.user));
    BOOST_TEST((twice.merged == with.old.user));
    for (int round = 0; round < 2; ++round) {
        BOOST_TEST((with.observer.means.at(with.young.user) == oldest.user));
        BOOST_TEST((with.observer.means.at(with.old.user) == oldest.user));
        with.reopen();
    }
    BOOST_TEST((run(with.store->find_user(with.young.user))->id == oldest.user));
    BOOST_TEST((refresh(*with.store, with.young.session).user == oldest.user));
    // A token of that session may name each of the three.
    run(with.store->sessions().revoke_session(with.young.session, std::nullopt, now)).value();
    for (const user_id& each : {with.young.user, with.old.user, oldest.user})
        BOOST_TEST(with.observer.is_dead(each, with.young.session));
    // Merged already: said again.
    const auto again = run(with.store->users().merge(with.young.user, oldest.user, now)).value();
    BOOST_TEST((again.survivor == oldest.user));
    BOOST_TEST((again.merged == with.young.user));
    BOOST_TEST(audited(*with.store, audit_event::merged).size() == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_makes_no_sense_changes_nothing, Backend, every_backend) {
    two_users<Backend> with;
    auto& users = with.store->users();
    const auto code_of = [](const auto& outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        return outcome.error().code;
    };
    BOOST_TEST((code_of(run(users.merge(with.old.user, with.old.user, now))) == errc::invalid_request));
    BOOST_TEST((code_of(run(users.merge(with.old.user, user_id{}, now))) == errc::not_found));
    BOOST_TEST((code_of(run(users.unmerge(with.young.user, now))) == errc::not_found));
    auto first = in("wx0000000000000001", "old");
    auto second = in(second_app, "young");
    first.unionid = "one";
    second.unionid = "another";
    log_in(*with.store, first);
    log_in(*with.store, second);
    BOOST_TEST((code_of(run(users.merge(with.old.user, with.young.user, now))) == errc::invalid_request));
    BOOST_TEST(run(users.list({}, std::nullopt, 10))->users.size() == 2u);
    BOOST_TEST(audited(*with.store, audit_event::merged).empty());
    BOOST_TEST(with.observer.means.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_alias_is_gone_when_the_last_token_has_expired, Backend, every_backend) {
    two_users<Backend> with;
    // Long ago, by the clock of the machine.
    const storage::revoking long_ago{noon - 24h * 365, noon - 24h * 365 + 2h, "cli"};
    BOOST_TEST_REQUIRE(run(with.store->users().merge(with.young.user, with.old.user, long_ago)).has_value());
    with.reopen();
    BOOST_TEST(with.observer.means.empty());
    // Its refresh tokens live longer.
    BOOST_TEST((refresh(*with.store, with.young.session).user == with.old.user));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(erasing_the_survivor_erases_all_of_both, Backend, every_backend) {
    two_users<Backend> with;
    with.merge();
    run(with.store->users().erase(with.old.user, now)).value();
    BOOST_TEST(with.observer.is_dead(with.young.user, with.young.session));
    BOOST_TEST(with.observer.is_dead(with.old.user, with.young.session));
    BOOST_TEST((run(with.store->find_user(with.young.user)).error().code == errc::not_found));
    BOOST_TEST((refresh(*with.store, with.young.session).verdict == refresh_verdict::refused));
    BOOST_TEST((run(with.store->users().unmerge(with.young.user, now)).error().code == errc::not_found));
    const auto again = log_in(*with.store, in(second_app, "young", later));
    BOOST_TEST(again.is_new);
    BOOST_TEST((again.user != with.old.user));
    BOOST_TEST((again.user != with.young.user));
    BOOST_TEST(run(with.store->sessions().find_session(with.young.session)).has_error());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_app_that_allows_one_session_counts_those_of_merged_users, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto limited = [](std::string_view openid, unix_millis at) {
        auto login = in(second_app, openid, at);
        login.max_sessions = 2;
        return login;
    };
    const auto one = log_in(*store, limited("one", noon));
    const auto two = log_in(*store, limited("two", noon + 1min));
    run(store->users().merge(one.user, two.user, now)).value();
    const auto three = log_in(*store, limited("two", noon + 2min));
    BOOST_TEST((refresh(*store, one.session).verdict == refresh_verdict::refused));
    BOOST_TEST((refresh(*store, two.session).verdict == refresh_verdict::rotate));
    BOOST_TEST((refresh(*store, three.session).verdict == refresh_verdict::rotate));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    sealed_values_of_merged_users_are_found_with_their_accounts, Backend, every_backend) {
    two_users<Backend> with;
    with.merge();
    const auto page = run(with.store->sealed().find_others_than("newest", 0)).value();
    BOOST_TEST_REQUIRE(page.values.size() == 2u);
    BOOST_TEST(page.values[0].openid == "old");
    BOOST_TEST(page.values[1].openid == "young");
}

BOOST_AUTO_TEST_SUITE_END()

// What every store promises of users who turn out to be one person.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using storage::audit_event;
using storage::login_outcome;
using storage::refresh_verdict;
using storage::user_state;

namespace {

constexpr std::string_view second_app{"wx0000000000000002"};
constexpr unix_millis later = noon + 1h;
// Tokens live on by the clock of the machine, too, which is asked when a store is opened.
const storage::revoking now{later, later + 24h * 3650, "key:support"};

// What token checks know; the store has to be closed, or its answer awaited, before it is read.
class told final : public storage::revocation_observer {
public:
    void revoked(const storage::revocation& what) noexcept override {
        if (what.is_of_all)
            through[what.user] = std::max(through[what.user], what.sid);
        else
            sessions.emplace(what.user, what.sid);
    }
    void renamed(const storage::user_alias& what) noexcept override {
        if (what.survivor)
            means[what.merged] = *what.survivor;
        else
            means.erase(what.merged);
    }

    // As a token check would ask.
    [[nodiscard]] bool is_dead(const user_id& named, std::int64_t sid) const {
        const auto all = through.find(named);
        return sessions.contains({named, sid}) || (all != through.end() && sid <= all->second);
    }

    std::map<user_id, std::int64_t> through;
    std::set<std::pair<user_id, std::int64_t>> sessions;
    std::map<user_id, user_id> means;
};

storage::login_record in(std::string_view appid, std::string_view openid, unix_millis at = noon) {
    auto login = login_of(openid, "key 1", at);
    login.appid = appid;
    login.tokens_end = at + 3h;
    return login;
}

login_outcome log_in(storage::store& store, storage::login_record record) {
    const auto outcome = run(store.record_login(std::move(record)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

storage::refresh_outcome refresh(storage::store& store, std::int64_t sid, std::uint32_t generation = 0) {
    storage::refresh_request request;
    request.sid = sid;
    request.generation = generation;
    request.rules = {.sliding = 720h, .longest = 2160h, .grace = 30s};
    request.when = now;
    const auto outcome = run(store.sessions().refresh(request));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

std::vector<storage::session_record> sessions_of(storage::store& store, const user_id& user) {
    std::vector<storage::session_record> all;
    auto trail = run(store.users().trail_of_sessions(user)).value();
    while (!trail.empty()) {
        auto page = run(store.users().sessions_on(trail)).value();
        std::ranges::move(page.sessions, std::back_inserter(all));
        trail = std::move(page.next);
    }
    return all;
}

std::vector<storage::audit_record> audited(storage::store& store, audit_event event) {
    return run(store.audit().read({.event = event})).value().records;
}

// An older user with one account and a younger one with another, each with a session.
template <class Backend>
struct two_users {
    Backend backend;
    told observer;
    std::unique_ptr<storage::store> store = backend.open(&observer);
    login_outcome old;
    login_outcome young;

    two_users() {
        old = log_in(*store, in("wx0000000000000001", "old"));
        young = log_in(*store, in(second_app, "young", noon + 1min));
    }
    void merge() { BOOST_TEST_REQUIRE(run(store->users().merge(young.user, old.user, now)).has_value()); }
    void reopen() {
        store.reset();
        observer = {};
        store = backend.open(&observer);
    }
};

} // namespace

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

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unmerge_gives_back_what_had_been_merged, Backend, every_backend) {
    two_users<Backend> with;
    storage::profile_change of_young;
    of_young.city = "Guangzhou";
    run(with.store->users().change_profile(with.young.user, of_young, noon)).value();
    const auto youngest = log_in(*with.store, in("wx0000000000000003", "youngest", noon + 2min));
    run(with.store->users().merge(youngest.user, with.young.user, now)).value();
    with.merge();
    const auto during = log_in(*with.store, in(second_app, "young", noon + 3min));
    BOOST_TEST((during.user == with.old.user));

    const auto survivor = run(with.store->users().unmerge(with.young.user, now));
    BOOST_TEST_REQUIRE(survivor.has_value());
    BOOST_TEST((*survivor == with.old.user));
    BOOST_TEST((with.observer.means.at(youngest.user) == with.young.user));
    BOOST_TEST(!with.observer.means.contains(with.young.user));
    for (int round = 0; round < 2; ++round) {
        const auto revived = run(with.store->find_user(with.young.user)).value();
        BOOST_TEST((revived.id == with.young.user));
        BOOST_TEST((revived.created == noon + 1min));
        BOOST_TEST(revived.profile.city == "Guangzhou");
        BOOST_TEST(run(with.store->find_user(with.old.user))->profile.city == "");
        BOOST_TEST(run(with.store->users().identities_of(with.old.user))->size() == 1u);
        BOOST_TEST(run(with.store->users().identities_of(with.young.user))->size() == 2u);
        for (const std::int64_t sid :
             {with.old.session, with.young.session, during.session, youngest.session})
            for (const user_id& named : {with.old.user, with.young.user, youngest.user})
                BOOST_TEST(with.observer.is_dead(named, sid));
        BOOST_TEST(sessions_of(*with.store, with.old.user).size() == 1u);
        BOOST_TEST(sessions_of(*with.store, with.young.user).size() == 3u);
        with.reopen();
    }
    const auto login = log_in(*with.store, in(second_app, "young", noon + 4min));
    BOOST_TEST((login.user == with.young.user));
    BOOST_TEST((refresh(*with.store, login.session).user == with.young.user));
    BOOST_TEST(!with.observer.is_dead(with.young.user, login.session));
    BOOST_TEST((log_in(*with.store, in("wx0000000000000003", "youngest", later)).user == with.young.user));
    BOOST_TEST(audited(*with.store, audit_event::unmerged).at(0).actor == "key:support");
    with.merge(); // and once more
    BOOST_TEST((log_in(*with.store, in(second_app, "young", later)).user == with.old.user));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(values_that_were_changed_since_stay_where_they_are, Backend, every_backend) {
    two_users<Backend> with;
    storage::profile_change of_young;
    of_young.city = "Guangzhou";
    run(with.store->users().change_profile(with.young.user, of_young, noon)).value();
    with.merge();
    of_young.city = "Shenzhen";
    run(with.store->users().change_profile(with.old.user, of_young, later + 1s)).value();
    run(with.store->users().unmerge(with.young.user, now)).value();
    BOOST_TEST(run(with.store->find_user(with.old.user))->profile.city == "Shenzhen");
    BOOST_TEST(run(with.store->find_user(with.young.user))->profile.city == "");
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

// What every store promises, whichever database is behind it.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace wxlogind;
using namespace wxlogind::test;
using storage::login_outcome;
using storage::login_record;
using storage::login_store;
using storage::user_record;
using storage::user_state;

namespace {

login_outcome log_in(login_store& store, login_record record) {
    const auto outcome = run(store.record_login(std::move(record)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return *outcome;
}

user_record find(login_store& store, const user_id& id) {
    const auto found = run(store.find_user(id));
    BOOST_TEST_REQUIRE(found.has_value());
    return *found;
}

login_record with_unionid(login_record login, std::string_view unionid) {
    login.unionid = unionid;
    return login;
}

login_record in_app(login_record login, std::string_view appid) {
    login.appid = appid;
    return login;
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_first_login_makes_a_user_and_a_session, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto outcome = log_in(*store, login_of("alice"));
    BOOST_TEST(outcome.is_new);
    BOOST_TEST(outcome.session > 0);
    BOOST_TEST((outcome.state == user_state::active));

    const auto alice = find(*store, outcome.user);
    BOOST_TEST((alice.id == outcome.user));
    BOOST_TEST(!alice.unionid.has_value());
    BOOST_TEST((alice.created == noon));
    BOOST_TEST((alice.updated == noon));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_returning_user_keeps_the_id_and_gets_a_later_session, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto first = log_in(*store, login_of("alice"));
    const auto same_key = log_in(*store, login_of("alice"));
    const auto new_key = log_in(*store, login_of("alice", "key 2"));
    for (const auto& again : {same_key, new_key}) {
        BOOST_TEST((again.user == first.user));
        BOOST_TEST(!again.is_new);
    }
    BOOST_TEST(first.session < same_key.session);
    BOOST_TEST(same_key.session < new_key.session);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(openids_are_told_apart_by_every_byte_and_by_app, Backend, every_backend) {
    using namespace std::string_view_literals;
    Backend backend;
    const auto store = backend.open();
    std::set<user_id> users;
    for (const auto openid : {"o"sv, "O"sv, "o "sv, "o'; --"sv, "\xe5\xbe\xae"sv, "o%"sv})
        users.insert(log_in(*store, login_of(openid)).user);
    users.insert(log_in(*store, in_app(login_of("o"), "wx0000000000000002")).user);
    BOOST_TEST(users.size() == 7u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(profile_fields_that_were_not_sent_stay_as_they_are, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    auto first = login_of("alice");
    first.profile.nick_name = "Alice";
    first.profile.gender = 2;
    first.profile.city = "Guangzhou";
    const auto id = log_in(*store, first).user;

    auto second = login_of("alice", "key 1", noon + seconds{1});
    second.profile.nick_name = "";
    second.profile.language = "zh_CN";
    log_in(*store, second);

    const auto alice = find(*store, id);
    BOOST_TEST(alice.profile.nick_name == "");
    BOOST_TEST(alice.profile.gender == 2);
    BOOST_TEST(alice.profile.city == "Guangzhou");
    BOOST_TEST(alice.profile.language == "zh_CN");
    BOOST_TEST((alice.created == noon));
    BOOST_TEST((alice.updated == noon + seconds{1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_profile_field_is_kept, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto id = log_in(*store, login_of("alice")).user;
    auto again = login_of("alice");
    again.profile = {
        "Alice \xf0\x9f\x98\x80", "https://example.com/a.png", 1, "CN", "Guangdong", "Shenzhen", "zh"};
    log_in(*store, again);

    const auto alice = find(*store, id);
    BOOST_TEST(alice.profile.nick_name == *again.profile.nick_name);
    BOOST_TEST(alice.profile.avatar_url == *again.profile.avatar_url);
    BOOST_TEST(alice.profile.gender == *again.profile.gender);
    BOOST_TEST(alice.profile.country == *again.profile.country);
    BOOST_TEST(alice.profile.province == *again.profile.province);
    BOOST_TEST(alice.profile.city == *again.profile.city);
    BOOST_TEST(alice.profile.language == *again.profile.language);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_profile_that_is_sent_again_unchanged_is_no_change, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    auto login = login_of("alice");
    login.profile.nick_name = "Alice";
    const auto id = log_in(*store, login).user;
    login.now = noon + seconds{1};
    log_in(*store, login);
    const auto alice = find(*store, id);
    BOOST_TEST((alice.updated == noon));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_unionid_makes_one_user_of_two_apps_identities, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto first = log_in(*store, with_unionid(login_of("alice"), "u1"));
    auto elsewhere = in_app(with_unionid(login_of("alice elsewhere"), "u1"), "wx0000000000000002");
    elsewhere.profile.nick_name = "Alice";
    const auto second = log_in(*store, elsewhere);
    BOOST_TEST((second.user == first.user));
    BOOST_TEST(!second.is_new);
    BOOST_TEST(second.session > first.session);
    const auto alice = find(*store, first.user);
    BOOST_TEST(alice.profile.nick_name == "Alice");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_unionid_that_arrives_later_is_kept, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto first = log_in(*store, login_of("alice"));
    log_in(*store, with_unionid(login_of("alice"), "u1"));
    const auto elsewhere = log_in(*store, in_app(with_unionid(login_of("a2"), "u1"), "wx0000000000000002"));
    BOOST_TEST((elsewhere.user == first.user));
    const auto without = log_in(*store, login_of("alice"));
    BOOST_TEST((without.user == first.user));
    const auto alice = find(*store, first.user);
    BOOST_TEST_REQUIRE(alice.unionid.has_value());
    BOOST_TEST(*alice.unionid == "u1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_empty_unionid_is_none, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto alice = log_in(*store, with_unionid(login_of("alice"), ""));
    const auto bob = log_in(*store, with_unionid(login_of("bob"), ""));
    log_in(*store, with_unionid(login_of("alice"), ""));
    BOOST_TEST((alice.user != bob.user));
    const auto found = find(*store, alice.user);
    BOOST_TEST(!found.unionid.has_value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_unionid_that_is_another_than_the_users_fails_nothing_and_is_counted, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto alice = log_in(*store, with_unionid(login_of("alice"), "u1"));
    const auto changed = log_in(*store, with_unionid(login_of("alice"), "u2"));
    BOOST_TEST((changed.user == alice.user));
    BOOST_TEST(changed.session > 0);
    BOOST_TEST(backend.counters.unionid_conflicts == 1u);
    BOOST_TEST(find(*store, alice.user).unionid.value() == "u1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_banned_user_gets_no_session_and_leaves_no_trace, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto alice = log_in(*store, with_unionid(login_of("alice"), "u1"));
    store.reset();
    backend.change_while_closed("UPDATE user SET state = 1");
    store = backend.open();

    auto login = login_of("alice", "key 2", noon + seconds{1});
    login.profile.nick_name = "Mallory";
    const auto elsewhere = in_app(with_unionid(login_of("a2"), "u1"), "wx0000000000000002");
    for (const auto& attempt : {login, elsewhere}) {
        const auto refused = log_in(*store, attempt);
        BOOST_TEST((refused.user == alice.user));
        BOOST_TEST((refused.state == user_state::banned));
        BOOST_TEST(refused.session == 0);
        BOOST_TEST(!refused.is_new);
    }
    const auto found = find(*store, alice.user);
    BOOST_TEST((found.state == user_state::banned));
    BOOST_TEST(found.profile.nick_name == "");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unknown_user_is_not_found, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto found = run(store->find_user(user_id{}));
    BOOST_TEST_REQUIRE(found.has_error());
    BOOST_TEST((found.error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(everything_is_there_after_closing_and_opening, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const auto before = log_in(*store, login_of("alice"));
    store.reset();
    store = backend.open();
    // The clock was set back meanwhile: still no session id is given twice.
    const auto after = log_in(*store, login_of("alice", "key 1", noon - std::chrono::hours{1}));
    BOOST_TEST((after.user == before.user));
    BOOST_TEST(!after.is_new);
    BOOST_TEST(after.session > before.session);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(whether_there_were_users_is_known_from_the_opening, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    BOOST_TEST(!store->had_users());
    log_in(*store, login_of("alice"));
    BOOST_TEST(!store->had_users());
    store.reset();
    store = backend.open();
    BOOST_TEST(store->had_users());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_probe_goes_through_the_whole_path, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto before = backend.counters.commits.load();
    const auto probed = run(store->probe(noon));
    BOOST_TEST(probed.has_value());
    BOOST_TEST(backend.counters.commits == before + 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_closed_store_refuses_everything_at_once, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const auto alice = log_in(*store, login_of("alice"));
    store->close();
    const auto login = run(store->record_login(login_of("alice")));
    const auto found = run(store->find_user(alice.user));
    const auto probed = run(store->probe(noon));
    BOOST_TEST_REQUIRE((login.has_error() && found.has_error() && probed.has_error()));
    BOOST_TEST((login.error().code == errc::storage_unavailable));
    BOOST_TEST((found.error().code == errc::storage_unavailable));
    BOOST_TEST((probed.error().code == errc::storage_unavailable));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_full_queue_refuses_at_once_and_loses_nobody, Backend, every_backend) {
    Backend backend;
    backend.settings.max_queued_rows = 4;
    const auto store = backend.open();
    unsigned saved = 0;
    unsigned refused = 0;
    const lasting_loop loop;
    const auto log_in_once = [](login_store& to, unsigned number, unsigned& ok, unsigned& full) -> task<> {
        auto login = login_of("user " + std::to_string(number));
        const auto outcome = co_await to.record_login(std::move(login));
        if (outcome)
            ++ok;
        else if (outcome.error().code == errc::overloaded)
            ++full;
    };
    for (unsigned number = 0; number < 500; ++number)
        asio::co_spawn(*loop, log_in_once(*store, number, saved, refused), asio::detached);
    loop->run();
    BOOST_TEST(saved + refused == 500u);
    BOOST_TEST(saved >= 4u);
    BOOST_TEST(refused > 0u);
    BOOST_TEST(backend.counters.refused_rows == refused);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(closing_finishes_every_write_that_is_queued, Backend, every_backend) {
    Backend backend;
    backend.settings.max_batch_rows = 3;
    auto store = backend.open();
    constexpr unsigned logins = 200;
    std::vector<login_outcome> saved;
    const auto log_in_once = [](login_store& to, unsigned number,
                                std::vector<login_outcome>& into) -> task<> {
        auto login = login_of("user " + std::to_string(number));
        const auto outcome = co_await to.record_login(std::move(login));
        if (outcome) into.push_back(*outcome);
    };
    const lasting_loop loop;
    for (unsigned number = 0; number < logins; ++number)
        asio::co_spawn(*loop, log_in_once(*store, number, saved), asio::detached);
    for (unsigned started = 0; started < logins; ++started) loop->run_one(); // all are queued, or even done
    store->close();
    loop->run(); // ends only if nobody was forgotten
    BOOST_TEST(saved.size() == logins);

    store.reset();
    store = backend.open();
    for (const auto& each : saved) {
        const auto found = run(store->find_user(each.user));
        BOOST_TEST(found.has_value());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(of_first_logins_that_race_exactly_one_makes_the_user, Backend, every_backend) {
    Backend backend;
    backend.settings.max_batch_rows = 5; // so that the racers are in different transactions too
    const auto store = backend.open();
    constexpr unsigned loops = 4;
    constexpr unsigned racers = 16; // a loop
    for (unsigned round = 0; round < 50; ++round) {
        std::vector<login_outcome> outcomes(std::size_t{loops} * racers);
        const std::string openid = "user " + std::to_string(round);
        const auto race = [](login_store& to, std::string who, login_outcome& into) -> task<> {
            auto login = login_of(who);
            const auto outcome = co_await to.record_login(std::move(login));
            into = outcome.value();
        };
        run_concurrently(loops, racers, [&](unsigned loop, unsigned racer) {
            return race(*store, openid, outcomes[loop * racers + racer]);
        });
        unsigned makers = 0;
        std::set<user_id> users;
        std::set<std::int64_t> sessions;
        for (const auto& each : outcomes) {
            makers += each.is_new ? 1 : 0;
            users.insert(each.user);
            sessions.insert(each.session);
        }
        BOOST_TEST(makers == 1u);
        BOOST_TEST(users.size() == 1u);
        BOOST_TEST(sessions.size() == outcomes.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()

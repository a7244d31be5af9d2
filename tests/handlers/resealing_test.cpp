#include "handlers/resealing.hpp"
#include "handlers/sealed_places.hpp"
#include "storage/open_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/session/session_fixtures.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;
using handlers::place_of_session_key;

namespace {

// The first of `sealing` seals.
std::shared_ptr<const session::keyring> keyring_sealing_with(const std::vector<std::uint32_t>& sealing) {
    std::vector<session::signing_key> signing;
    signing.push_back(signing_key_of("key", session::key_state::active));
    std::vector<sealing_key> keys;
    for (const std::uint32_t id : sealing) keys.push_back(sealing_key_of(id, static_cast<char>('a' + id)));
    return std::make_shared<const session::keyring>(std::move(signing), std::move(keys));
}

struct sealed_sessions {
    temporary_directory files;
    std::string path = files.file("users.db");
    storage::store_counters counters;
    manual_wall_clock clock{noon};
    session::current_keyring keys{keyring_sealing_with({1})};
    std::unique_ptr<storage::store> store = open();

    std::unique_ptr<storage::store> open() {
        return storage::open_store({.url = "sqlite:" + path}, counters);
    }

    void log_in(const std::string& openid) {
        auto login = login_of(openid);
        login.sealed_session_key =
            keys.now().sealer().seal("key of " + openid, place_of_session_key(login.appid, openid));
        const auto recorded = run(store->record_login(std::move(login)));
        BOOST_TEST_REQUIRE(recorded.has_value());
    }
    void change_while_closed(const std::string& sql) {
        store.reset();
        {
            storage::sqlite::connection db{path, storage::sqlite::open_mode::read_write, ""};
            db.run(sql);
        }
        store = open();
    }
    // Which keys the database needs no more, by the last run.
    std::vector<std::uint32_t> unneeded;

    handlers::resealing::progress reseal() {
        handlers::resealing work{store->sealed(), store->audit(), keys, clock};
        BOOST_TEST(work.unneeded_keys().empty()); // nobody knows yet
        const lasting_loop loop;
        BOOST_TEST(work.start(loop->get_executor(), "cli:test"));
        BOOST_TEST(!work.start(loop->get_executor(), "cli:test")); // one at a time
        loop->run();
        unneeded = work.unneeded_keys();
        return work.now();
    }
    // How many of the stored values `with` opens, each in its own place.
    std::size_t opened_by(const sealer& with) {
        const auto page = run(store->sealed().find_others_than("none begins so", 0));
        BOOST_TEST_REQUIRE(page.has_value());
        std::size_t opened = 0;
        for (const auto& each : page->values) {
            const auto plain = with.open(each.envelope, place_of_session_key(each.appid, each.openid));
            if (plain && plain->reveal() == "key of " + each.openid) ++opened;
        }
        return opened;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(resealing, sealed_sessions)

BOOST_AUTO_TEST_CASE(everything_is_sealed_under_the_newest_key_and_opens_without_the_old_one) {
    for (int i = 0; i < 30; ++i) log_in("user " + std::to_string(i));
    const auto old = keys.replace(keyring_sealing_with({2, 1}));
    log_in("newcomer");
    const auto done = reseal();
    BOOST_TEST(done.is_complete);
    BOOST_TEST(done.resealed == 30u);
    BOOST_TEST(done.unreadable == 0u);
    BOOST_TEST(opened_by(keyring_sealing_with({2})->sealer()) == 31u);
    BOOST_TEST(reseal().resealed == 0u);

    const auto log = run(store->audit().read({.event = storage::audit_event::resealed}));
    BOOST_TEST_REQUIRE(log->records.size() == 2u);
    BOOST_TEST(log->records[1].count == 30);
    BOOST_TEST(log->records[1].actor == "cli:test");
}

BOOST_AUTO_TEST_CASE(swapped_and_flipped_values_are_left_as_they_are_and_counted) {
    for (const char* const openid : {"alice", "bob", "carol", "dave"}) log_in(openid);
    change_while_closed("CREATE TEMP TABLE kept AS SELECT sid, session_key FROM session ORDER BY sid;"
                        "UPDATE session SET session_key = (SELECT session_key FROM kept WHERE rowid = 2) "
                        "WHERE sid = (SELECT sid FROM kept WHERE rowid = 1);"
                        "UPDATE session SET session_key = (SELECT session_key FROM kept WHERE rowid = 1) "
                        "WHERE sid = (SELECT sid FROM kept WHERE rowid = 2);"
                        "UPDATE session SET session_key = CAST(substr(session_key, 1, length(session_key) - "
                        "1) || CASE WHEN substr(session_key, -1) = x'00' THEN x'01' ELSE x'00' END AS BLOB) "
                        "WHERE sid = (SELECT sid FROM kept WHERE rowid = 3);");
    BOOST_TEST(opened_by(keys.now().sealer()) == 1u);
    const auto old = keys.replace(keyring_sealing_with({2, 1}));
    const auto done = reseal();
    BOOST_TEST(done.is_complete);
    BOOST_TEST(done.resealed == 1u);
    BOOST_TEST(done.unreadable == 3u);
    BOOST_TEST(done.newest_key == 2u);
    BOOST_TEST_REQUIRE(done.left.size() == 1u);
    BOOST_TEST(done.left.at(1) == 3u);
    // It would not open them.
    BOOST_TEST(unneeded == std::vector<std::uint32_t>{1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_key_that_opened_nothing_when_it_was_counted_is_not_needed_until_it_seals_again) {
    log_in("alice");
    handlers::resealing work{store->sealed(), store->audit(), keys, clock};
    const auto run_it = [&] {
        const lasting_loop loop;
        BOOST_TEST(work.start(loop->get_executor(), "cli:test"));
        loop->run();
        return work.now();
    };
    const auto exchange = [&](const std::vector<std::uint32_t>& next) {
        const auto old = keys.replace(keyring_sealing_with(next));
        work.keys_were_exchanged();
    };
    exchange({2, 1});
    BOOST_TEST(work.unneeded_keys().empty());
    BOOST_TEST(run_it().left.empty());
    BOOST_TEST(work.unneeded_keys() == std::vector<std::uint32_t>{1}, boost::test_tools::per_element());
    exchange({2, 1, 3}); // the same seals
    BOOST_TEST(work.unneeded_keys().size() == 2u);
    exchange({1, 2, 3});
    log_in("bob");
    exchange({2, 1, 3});
    BOOST_TEST(work.unneeded_keys().empty());
    BOOST_TEST(run_it().resealed == 1u);
    BOOST_TEST(work.unneeded_keys().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_run_during_which_another_key_begins_to_seal_proves_nothing) {
    log_in("alice");
    handlers::resealing work{store->sealed(), store->audit(), keys, clock};
    auto old = keys.replace(keyring_sealing_with({2, 1}));
    work.keys_were_exchanged();
    const lasting_loop loop;
    BOOST_TEST(work.start(loop->get_executor(), "cli:test"));
    old = keys.replace(keyring_sealing_with({3, 2, 1}));
    work.keys_were_exchanged();
    loop->run();
    BOOST_TEST(!work.now().is_complete);
    BOOST_TEST(work.unneeded_keys().empty());
}

BOOST_AUTO_TEST_CASE(what_belongs_to_no_account_any_more_is_erased) {
    log_in("alice");
    log_in("bob");
    change_while_closed("DELETE FROM identity WHERE openid = 'bob'");
    const auto old = keys.replace(keyring_sealing_with({2, 1}));
    const auto done = reseal();
    BOOST_TEST(done.unreadable == 0u);
    BOOST_TEST(done.left.empty());
    BOOST_TEST(opened_by(keyring_sealing_with({2})->sealer()) == 1u);
    BOOST_TEST(run(store->sealed().find_others_than("none begins so", 0))->values.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_login_that_comes_in_between_is_not_overwritten) {
    log_in("alice");
    const auto page = run(store->sealed().find_others_than("none begins so", 0));
    BOOST_TEST_REQUIRE(page->values.size() == 1u);
    std::vector<storage::resealed_value> stale(1);
    stale[0].sid = page->values[0].sid;
    stale[0].before = "what it was a while ago";
    stale[0].after = "what must not come";
    const auto replaced = run(store->sealed().replace(std::move(stale)));
    BOOST_TEST(replaced.value() == 0u);
    BOOST_TEST(opened_by(keys.now().sealer()) == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

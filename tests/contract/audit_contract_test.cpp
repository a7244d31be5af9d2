// What every store promises of its audit log.
#include "tests/contract/backends.hpp"
#include "tests/contract/sample_logins.hpp"
#include "tests/support/run_task.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::test;
using storage::audit_entry;
using storage::audit_event;
using storage::audit_page;
using storage::audit_query;
using storage::audit_record;

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

user_id log_in(storage::store& store, std::string_view openid, unix_millis at) {
    const auto outcome = run(store.record_login(login_of(openid, "key", at)));
    BOOST_TEST_REQUIRE(outcome.has_value());
    return outcome->user;
}

void append(storage::store& store, const audit_entry& entry, unix_millis at) {
    BOOST_TEST_REQUIRE(run(store.audit().append(entry, at)).has_value());
}

// Page after page, as far as it goes.
std::vector<audit_record> read_all(storage::store& store, audit_query query = {}) {
    std::vector<audit_record> all;
    for (;;) {
        const auto page = run(store.audit().read(query));
        BOOST_TEST_REQUIRE(page.has_value());
        all.insert(all.end(), page->records.begin(), page->records.end());
        if (!page->next) return all;
        BOOST_TEST_REQUIRE(*page->next < query.before);
        query.before = *page->next;
    }
}

std::string events_of(const std::vector<audit_record>& records) {
    std::string text;
    for (const audit_record& each : records) {
        text += to_string(each.event);
        text += ' ';
    }
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(audit_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_record_comes_back_as_it_was_written, Backend, every_backend) {
    Backend backend;
    auto store = backend.open();
    const user_id somebody = log_in(*store, "alice", noon);
    const audit_entry entry{
        .event = audit_event::banned,
        .actor = "key:reports",
        .user = somebody,
        .sid = 7,
        .appid = "wx0000000000000001",
        .detail = "spam",
        .count = 3};
    append(*store, entry, noon + hours{1});
    store.reset();
    store = backend.open();

    const auto records = read_all(*store, {.event = audit_event::banned});
    BOOST_TEST_REQUIRE(records.size() == 1u);
    const audit_record& got = records.front();
    BOOST_TEST(got.actor == entry.actor);
    BOOST_TEST((got.user == entry.user));
    BOOST_TEST(got.sid == entry.sid);
    BOOST_TEST(got.appid == entry.appid);
    BOOST_TEST(got.detail == entry.detail);
    BOOST_TEST(got.count == entry.count);
    BOOST_TEST(got.at == milliseconds{noon.time_since_epoch() + hours{1}}.count() * 1000);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(logins_stand_among_the_records_by_time, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    const user_id alice = log_in(*store, "alice", noon);
    append(*store, {.event = audit_event::configuration_reloaded}, noon + milliseconds{1});
    const user_id bob = log_in(*store, "bob", noon + milliseconds{2});
    append(*store, {.event = audit_event::unbanned, .user = alice}, noon + milliseconds{3});

    for (const std::size_t limit : {1u, 2u, 3u, 100u}) {
        const auto all = read_all(*store, {.limit = limit});
        BOOST_TEST(events_of(all) == "unbanned login configuration_reloaded login ");
        BOOST_TEST((all.back().user == alice));
        BOOST_TEST(all.back().actor == "user");
        BOOST_TEST(all.back().appid == "wx0000000000000001");
        BOOST_TEST(events_of(read_all(*store, {.user = alice, .limit = limit})) == "unbanned login ");
        BOOST_TEST(events_of(read_all(*store, {.user = bob, .limit = limit})) == "login ");
        BOOST_TEST(
            events_of(read_all(*store, {.event = audit_event::login, .limit = limit})) == "login login ");
        BOOST_TEST(
            events_of(read_all(*store, {.user = bob, .event = audit_event::unbanned, .limit = limit})) == "");
    }
}

// Also where a record and a login share a microsecond.
BOOST_AUTO_TEST_CASE_TEMPLATE(pages_lose_nothing_and_repeat_nothing, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    for (int i = 0; i < 40; ++i) {
        const unix_millis at = noon + milliseconds{i / 2};
        log_in(*store, "user " + std::to_string(i % 3), at);
        append(*store, {.event = audit_event::login_failed, .count = i}, at);
    }
    for (const std::size_t limit : {1u, 2u, 3u, 7u, 79u, 80u, 100u}) {
        const auto all = read_all(*store, {.limit = limit});
        BOOST_TEST(all.size() == 80u);
        BOOST_TEST(std::ranges::is_sorted(all, std::greater{}, &audit_record::at));
        std::int64_t expected = 39;
        for (const audit_record& each : all)
            if (each.event == audit_event::login_failed) BOOST_TEST(each.count == expected--);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(logins_to_all_apps_of_a_user_come_in_order, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    user_id user;
    for (int i = 0; i < 30; ++i) {
        const unix_millis at = noon + milliseconds{i};
        log_in(*store, "somebody else", at);
        auto login = login_of("alice", "key", at);
        login.unionid = "of alice";
        if (i % 3 == 0) login.appid = "wx0000000000000002";
        user = run(store->record_login(std::move(login)))->user;
    }
    for (const std::size_t limit : {1u, 2u, 7u, 29u, 30u, 100u}) {
        const auto all = read_all(*store, {.user = user, .limit = limit});
        BOOST_TEST(all.size() == 30u);
        BOOST_TEST(std::ranges::is_sorted(all, std::greater{}, &audit_record::at));
        for (std::size_t i = 0; i < all.size(); ++i)
            BOOST_TEST(all[i].appid.ends_with((29 - i) % 3 == 0 ? '2' : '1'));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(records_keep_their_order_when_the_clock_steps_back, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    for (int i = 0; i < 3; ++i)
        append(*store, {.event = audit_event::login_failed, .count = i}, noon - hours{i});
    const auto all = read_all(*store);
    BOOST_TEST_REQUIRE(all.size() == 3u);
    for (int i = 0; i < 3; ++i) BOOST_TEST(all[static_cast<std::size_t>(i)].count == 2 - i);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(old_records_go_a_few_at_a_time_and_no_younger_one, Backend, every_backend) {
    Backend backend;
    const auto store = backend.open();
    for (int i = 0; i < 250; ++i) append(*store, {.event = audit_event::login_failed}, noon);
    append(*store, {.event = audit_event::banned}, noon + hours{1});

    int steps = 1;
    for (;; ++steps) {
        const auto has_more = run(store->audit().forget_before(noon + hours{1}));
        BOOST_TEST_REQUIRE(has_more.has_value());
        if (!*has_more) break;
    }
    BOOST_TEST(steps == 3);
    BOOST_TEST(events_of(read_all(*store)) == "banned ");
}

BOOST_AUTO_TEST_SUITE_END()

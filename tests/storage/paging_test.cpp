// Lists of users, and the audit log, page by page to the end while logins go on: each is seen once, and the
// last page costs what the first one does. Work is counted in steps of SQLite's machine, not in time.
// WXLOGIND_TEST_USERS makes it a campaign.
#include "storage/sqlite/audit_reads.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/row_values.hpp"
#include "storage/sqlite/tables.hpp"
#include "storage/sqlite/user_lists.hpp"
#include "tests/storage/sqlite_file.hpp"
#include "tests/support/campaign.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <functional>
#include <map>
#include <ranges>
#include <set>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace wxlogind::storage;
using namespace wxlogind::storage::sqlite;

namespace {

// Since it was last asked.
std::int64_t steps_of(connection& on) {
    std::int64_t steps = 0;
    for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(on.handle(), each)) != nullptr;)
        steps += sqlite3_stmt_status(each, SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
}

const std::string shared_number{"a keyed hash"};

// A tenth has the same nick name, a tenth is banned, a hundredth shares a phone number.
struct many_users {
    temporary_directory directory;
    std::string file = directory.file("users.db");
    connection writing{file, open_mode::read_write_create, unsynced_disk()};
    std::size_t size = from_environment("WXLOGIND_TEST_USERS", 6'000);
    int newcomers = 0;

    many_users() {
        writing.run("PRAGMA journal_mode = WAL");
        writing.run("PRAGMA synchronous = OFF");
        migrate(writing);
        rows_.emplace(writing, memory_, counters_, newest_sessions::limits{});
        const std::size_t part = 100'000;
        for (std::size_t from = 0; from < size; from += part)
            in_one_transaction([&] {
                for (std::size_t i = from; i < std::min(size, from + part); ++i) add(i, "old ");
            });
        reading.emplace(file, open_mode::read_only, unsynced_disk());
        lists.emplace(*reading);
        records.emplace(*reading);
        (void)steps_of(*reading);
    }

    // Logins between two pages.
    void go_on() {
        in_one_transaction([this] {
            for (int i = 0; i < 3; ++i) add(static_cast<std::size_t>(newcomers++), "new ");
        });
    }
    session_trail trail_of(const user_id& user) { return rows_->users.trail_of_sessions(user); }
    std::set<user_id> users_where(const std::string& condition) {
        std::set<user_id> found;
        statement query{writing, "SELECT id FROM user WHERE " + condition};
        while (query.step()) found.insert(id_in(query.blob(0)));
        return found;
    }

    std::optional<connection> reading;
    std::optional<user_lists> lists;
    std::optional<audit_reads> records;

private:
    template <class Body>
    void in_one_transaction(Body body) {
        rows_->begin();
        rows_->write_behind(size);
        body();
        rows_->commit();
        rows_->end_transaction();
    }
    void add(std::size_t number, const std::string& kind) {
        login_record login = login_of(kind + std::to_string(number));
        const std::string name = number % 10 == 3 ? "a common name" : "name " + std::to_string(number);
        if (number % 10 != 4) login.profile.nick_name = name;
        const user_id user = rows_->logins.record(login).user;
        if (number % 10 == 5) (void)rows_->sessions.set_state(user, user_state::banned, noon);
        if (number % 100 == 6)
            (void)rows_->phones.bind(
                {.user = user, .sealed = "sealed", .index = shared_number, .all_indexes = {}, .now = noon});
        rows_->audit.append({.event = audit_event::banned, .user = user}, noon);
    }

    writer_memory memory_;
    store_counters counters_;
    std::optional<tables> rows_;
};

// The work of whole pages.
void check_work(const std::vector<std::int64_t>& pages, const std::string& what) {
    BOOST_TEST_REQUIRE(pages.size() >= 4u);
    const auto [least, most] = std::ranges::minmax(pages);
    BOOST_TEST(least > 0);
    BOOST_TEST(2 * least > most, what << ": one page takes " << least << " steps, another " << most);
}

// `wanted`: those who were there before.
void walk(many_users& all, const user_filter& filter, const std::string& wanted, std::size_t limit) {
    const std::set<user_id> there = all.users_where(wanted);
    std::map<user_id, int> seen;
    std::vector<std::int64_t> work;
    std::optional<user_position> behind;
    do {
        const user_page page = all.lists->page(filter, behind, limit);
        const std::int64_t steps = steps_of(*all.reading);
        for (const user_record& each : page.users) ++seen[each.id];
        behind = page.next;
        if (behind) work.push_back(steps);
        if (work.size() % 16 == 1) all.go_on();
    } while (behind);
    check_work(work, wanted);
    BOOST_TEST(!there.empty());
    BOOST_TEST(std::ranges::all_of(there, [&](const user_id& each) { return seen.contains(each); }), wanted);
    BOOST_TEST(std::ranges::all_of(std::views::values(seen), [](int times) { return times == 1; }), wanted);
    const std::set<user_id> now = all.users_where(wanted);
    BOOST_TEST(
        std::ranges::all_of(std::views::keys(seen), [&](const user_id& each) { return now.contains(each); }),
        wanted);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(paging, many_users)

BOOST_AUTO_TEST_CASE(each_user_is_seen_once_and_no_page_costs_more_than_another) {
    walk(*this, {}, "1", 200);
    user_filter by_name;
    for (const std::string prefix : {"name ", "name 1", "a common name", "a"}) {
        by_name.nick_name_prefix = prefix;
        walk(
            *this, by_name, "substr(nick_name, 1, " + std::to_string(prefix.size()) + ") = '" + prefix + "'",
            50);
    }
    user_filter banned;
    banned.state = user_state::banned;
    walk(*this, banned, "state = 1", 50);
}

BOOST_AUTO_TEST_CASE(who_shares_a_phone_number_is_seen_once) {
    user_filter by_phone;
    by_phone.phone_indexes = {shared_number, "another key's"};
    std::multiset<user_id> seen;
    std::optional<user_position> behind;
    do {
        const user_page page = lists->page(by_phone, behind, 7);
        for (const user_record& each : page.users) seen.insert(each.id);
        behind = page.next;
    } while (behind);
    const auto wanted = users_where("phone IS NOT NULL");
    BOOST_TEST(!wanted.empty());
    BOOST_TEST((std::multiset<user_id>{wanted.begin(), wanted.end()} == seen));
}

// A login and a ban of each.
BOOST_AUTO_TEST_CASE(each_record_is_seen_once_and_no_page_costs_more_than_another) {
    audit_query query{.limit = 200};
    std::map<std::pair<std::string_view, audit_position>, int> seen;
    std::vector<std::int64_t> work;
    for (bool is_over = false; !is_over;) {
        const audit_page page = records->page(query);
        const std::int64_t steps = steps_of(*reading);
        for (const audit_record& each : page.records) ++seen[{to_string(each.event), each.at}];
        is_over = !page.next;
        if (is_over) break;
        work.push_back(steps);
        query.before = *page.next;
        if (work.size() % 16 == 1) go_on();
    }
    check_work(work, "audit");
    BOOST_TEST(seen.size() == 2 * size);
    BOOST_TEST(std::ranges::all_of(std::views::values(seen), [](int times) { return times == 1; }));
}

// However many others log in.
BOOST_AUTO_TEST_CASE(the_records_of_one_user_are_found_at_once) {
    const user_id one = *users_where("nick_name = 'name 1'").begin();
    audit_query query{.user = one, .limit = 50};
    const audit_page page = records->page(query, trail_of(one));
    const std::int64_t steps = steps_of(*reading);
    BOOST_TEST_REQUIRE(page.records.size() == 2u);
    BOOST_TEST(to_string(page.records[0].event) == "banned");
    BOOST_TEST(to_string(page.records[1].event) == "login");
    BOOST_TEST(!page.next);
    BOOST_TEST(steps < 200);
    // Where nobody knows the trail, among all.
    BOOST_TEST(records->page(query).records.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

// All that is stored about one user, and nothing of others: held against the database, column by column.
#include "storage/sqlite/connection.hpp"
#include "tests/e2e/exported_columns.hpp"
#include "tests/support/merging_deployment.hpp"
#include "tests/support/open_data.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace wxlogind::test;
using namespace wxlogind::storage::sqlite;
namespace json = boost::json;

namespace {

std::vector<std::string> texts(connection& db, const std::string& sql) {
    std::vector<std::string> all;
    statement query{db, sql};
    while (query.step())
        if (!query.is_null(0)) all.emplace_back(query.text(0));
    return all;
}

// The columns that nobody thought of.
std::set<std::string> unaccounted_columns(connection& db) {
    std::set<std::string> columns;
    for (const std::string& table : texts(db, "SELECT name FROM sqlite_schema WHERE type = 'table'"))
        for (std::string& each : texts(db, "SELECT name FROM pragma_table_info('" + table + "')"))
            columns.insert(std::move(each.insert(0, table + '.')));
    const auto account_for = [&](const std::string& column) {
        BOOST_TEST(columns.erase(column) == 1u, column << " is not there, or listed twice");
    };
    for (const exported_table& each : exported_tables()) {
        for (const shown_column& column : each.shown) account_for(each.name + '.' + column.column);
        for (const left_out_column& column : each.left_out) account_for(each.name + '.' + column.column);
    }
    for (const table_without_users& each : tables_without_users())
        std::erase_if(columns, [&](const std::string& it) { return it.starts_with(each.name + '.'); });
    return columns;
}

// Two people with something in every column: each is two users who were merged.
struct everything_happened : merging_deployment {
    everything_happened() : merging_deployment{options()} {
        const std::string word{R"({"word":"odd","suggest":"review","label":21000})"};
        BOOST_TEST_REQUIRE(http_post(control_address(), "/words", word).status == 204u);
    }
    static deployment_options options() {
        deployment_options options = two_apps();
        options.first_app = "nickname_check = \"review\"\n";
        return options;
    }
    void must(const http_reply& reply, unsigned status) const {
        BOOST_TEST_REQUIRE(reply.status == status, reply.body);
    }
    void describe(const json::object& login, const std::string& name) const {
        const json::object profile{
            {"nickName", "odd " + name},
            {"avatarUrl", "https://thirdwx.qlogo.cn/" + name + "/132"},
            {"gender", 1},
            {"country", "country of " + name},
            {"province", "province of " + name},
            {"city", "city of " + name},
            {"language", "zh_CN"}};
        must(http_call(public_address(), "PATCH", "/me", json::serialize(profile), bearer(login)), 200);
    }
    void give_number(
        const json::object& login, const std::string& name, std::string_view appid,
        const std::string& number) const {
        make_user(*this, R"({"user":")" + name + R"(","phone":")" + number + "\"}");
        must(bind_phone(login, R"({"code":")" + phone_code_of(*this, name, appid) + "\"}"), 200);
    }
    struct person {
        std::string survivor;
        std::string merged;
        std::string numbers; // two, but for the last digit
    };
    person live(const std::string& one, const std::string& other, std::string numbers) const {
        const auto first = log_in_without_unionid(one);
        describe(first, one);
        give_number(first, one, first_appid, numbers + "1");
        must(log_out(log_in_without_unionid(one)), 204);
        const auto second = log_in_to(second_appid, other);
        describe(second, other);
        give_number(second, other, second_appid, "13900000000"); // as everybody's: others are told of
        give_number(second, other, second_appid, numbers + "2");
        must(refresh(second), 200);
        must(merge(first, second), 200);
        person both{text_of(first, "id"), text_of(second, "id"), std::move(numbers)};
        must(ask("POST", "/users/" + both.survivor + "/ban"), 204);
        return both;
    }
    http_reply exported(const std::string& id) const { return ask("GET", "/users/" + id + "/export"); }
};

// The database of a server that was stopped.
struct stored {
    connection db;

    stored(
        const std::string& file, const everything_happened::person& own,
        const std::vector<everything_happened::person>& all)
        : db{file, open_mode::read_write, ""} {
        db.run("CREATE TEMP TABLE own_id (id BLOB)");
        for (const std::string& id : {own.survivor, own.merged})
            db.run("INSERT INTO own_id VALUES (" + blob_of(id) + ")");
        db.run("CREATE TEMP TABLE number (owner BLOB, text TEXT)");
        for (const auto& each : all) {
            add_number(each.survivor, each.numbers + "1");
            add_number(each.merged, each.numbers + "2");
        }
    }
    static std::string blob_of(std::string id) {
        std::erase(id, '-');
        return "x'" + id + "'";
    }
    void add_number(const std::string& owner, const std::string& digits) {
        db.run("INSERT INTO number VALUES (" + blob_of(owner) + ", '+86" + digits + "')");
    }
    // "member=value; " for each that is shown.
    std::vector<std::string> rows_of(const exported_table& table) {
        std::string row{"''"};
        for (const shown_column& each : table.shown)
            row += " || ifnull('" + each.member + "=' || (" + each.value + ") || '; ', '')";
        return texts(
            db, "SELECT " + row + " AS row FROM " + table.name + " WHERE " + table.rows + " ORDER BY row");
    }
    // Something that does not stand there before anything has happened.
    bool is_filled(const exported_table& table, const shown_column& each) {
        const std::string usual = db.ask_text(
            "SELECT ifnull(dflt_value, 'NULL') FROM pragma_table_info('" + table.name + "') WHERE name = '" +
            each.column + "'");
        return db
            .ask_number(
                "SELECT 1 FROM " + table.name + " WHERE " + table.rows + " AND (" + each.value +
                ") IS NOT NULL AND " + each.column + " IS NOT " + usual)
            .has_value();
    }
    std::vector<std::string> values_of_others(const exported_table& table, const shown_column& each) {
        return texts(
            db, "SELECT " + each.value + " FROM " + table.name + " WHERE NOT (" + table.rows + ") AND (" +
                    each.value + ") <> ''");
    }
};

std::string text_in(const json::value& value) {
    return value.is_string() ? std::string{value.as_string()} : json::serialize(value);
}

std::vector<std::string> rows_in(const json::object& all, const exported_table& table) {
    const json::value& member = all.at(table.member);
    std::vector<std::string> rows;
    const auto append = [&](const json::object& item) {
        std::string& row = rows.emplace_back();
        for (const shown_column& each : table.shown)
            if (const json::value* const value = item.if_contains(each.member))
                row += each.member + '=' + text_in(*value) + "; ";
    };
    if (member.is_object()) append(member.as_object());
    if (member.is_array())
        for (const json::value& item : member.as_array()) append(item.as_object());
    std::ranges::sort(rows);
    return rows;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(user_export, everything_happened)

BOOST_AUTO_TEST_CASE(each_column_of_a_user_is_in_the_export_or_left_out_for_a_reason) {
    const person eve = live("eve", "frank", "1392222222");
    const person bob = live("bob", "carol", "1391111111");
    const person gina = live("gina", "hugo", "1393333333");
    const auto by_merged_id = json_of(exported(bob.merged)); // leaves a record
    const http_reply reply = exported(bob.survivor);
    BOOST_TEST_REQUIRE(reply.status == 200u);
    const auto all = json_of(reply);
    for (const char* const part : {"user", "identities", "merged", "sessions"})
        BOOST_TEST(by_merged_id.at(part) == all.at(part));
    BOOST_TEST(by_merged_id.at("audit").as_array().size() + 1 == all.at("audit").as_array().size());
    BOOST_TEST_REQUIRE(stop_wxlogind() == 0);

    stored in{database(), bob, {eve, bob, gina}};
    for (const std::string& column : unaccounted_columns(in.db))
        BOOST_ERROR(
            column << " is neither in the export nor left out for a reason: see exported_columns.cpp");
    for (const exported_table& table : exported_tables()) {
        if (table.member.empty()) continue;
        const auto wanted = in.rows_of(table);
        BOOST_TEST_CONTEXT(table.name)
        BOOST_TEST(rows_in(all, table) == wanted, boost::test_tools::per_element());
        for (const shown_column& each : table.shown) {
            BOOST_TEST(in.is_filled(table, each), table.name << '.' << each.column << " tells nothing here");
            if (each.whom == about::something) continue;
            const auto others = in.values_of_others(table, each);
            BOOST_TEST(!others.empty(), "nobody else has a " << each.column);
            for (const std::string& other : others)
                BOOST_TEST(
                    reply.body.find(other) == std::string::npos,
                    table.name << '.' << each.column << " of somebody else: " << other);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_new_column_or_table_is_seen) {
    BOOST_TEST_REQUIRE(stop_wxlogind() == 0);
    connection db{database(), open_mode::read_write, ""};
    BOOST_TEST(unaccounted_columns(db).empty());
    db.run("ALTER TABLE user ADD COLUMN shoe_size INTEGER");
    db.run("CREATE TABLE pet (owner BLOB)");
    const std::set<std::string> seen = unaccounted_columns(db);
    BOOST_TEST((seen == std::set<std::string>{"user.shoe_size", "pet.owner"}));
}

// However many pages of each the server reads for it.
BOOST_AUTO_TEST_CASE(an_export_has_all_sessions_and_records) {
    const std::string id = text_of(log_in_to(first_appid, "bob"), "id");
    must(ask("POST", "/users/" + id + "/revoke"), 204);
    BOOST_TEST_REQUIRE(stop_wxlogind() == 0);
    connection{database(), open_mode::read_write, ""}.run(R"(
        CREATE TEMP TABLE row (n INTEGER);
        WITH RECURSIVE count (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < 2500)
            INSERT INTO row SELECT n FROM count;
        CREATE TEMP TABLE first AS SELECT * FROM session;
        INSERT INTO session (sid, user, app, created, seen, expires, identity, previous)
            SELECT sid + n, user, app, created, seen, expires, identity, sid + n - 1 FROM first, row;
        UPDATE newest_session SET sid = (SELECT max(sid) FROM session);
        CREATE TEMP TABLE noted AS SELECT * FROM audit WHERE event = 'sessions_revoked';
        INSERT INTO audit SELECT id + n, event, actor, user, sid, appid, detail, count FROM noted, row;
    )");
    start_wxlogind();
    const auto all = json_of(exported(id));
    std::set<std::string> sessions;
    for (const json::value& each : all.at("sessions").as_array()) sessions.insert(text_in(each.at("id")));
    BOOST_TEST(sessions.size() == 2501u);
    BOOST_TEST(all.at("sessions").as_array().size() == 2501u);
    BOOST_TEST(all.at("audit").as_array().size() == 2501u);
    const auto listed = json_of(ask("GET", "/users/" + id + "/sessions"));
    BOOST_TEST(listed.at("sessions").as_array().size() == 2501u);
}

// No moment is kept for those that end with all others.
BOOST_AUTO_TEST_CASE(a_session_that_ended_is_shown_as_one) {
    const auto alone = log_in_to(first_appid, "bob");
    const auto last = log_in_to(first_appid, "bob");
    const std::string id = text_of(last, "id");
    const auto sessions = [&] { return json_of(exported(id)).at("sessions").as_array(); };
    must(log_out(alone), 204);
    auto found = sessions(); // newest first
    BOOST_TEST_REQUIRE(found.size() == 2u);
    BOOST_TEST(!found[0].at("is_revoked").as_bool());
    BOOST_TEST(found[1].at("is_revoked").as_bool());
    BOOST_TEST(found[1].as_object().contains("revoked_at"));

    must(ask("POST", "/users/" + id + "/revoke"), 204);
    found = sessions();
    BOOST_TEST(found[0].at("is_revoked").as_bool());
    BOOST_TEST(!found[0].as_object().contains("revoked_at"));
}

BOOST_AUTO_TEST_SUITE_END()

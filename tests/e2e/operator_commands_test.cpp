// wxlogind users, sessions, audit and keys reseal: on a running server, and on the files of a stopped one.
#include "storage/sqlite/connection.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/operator_call.hpp"
#include "tests/support/running_server.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace wxlogind::test;

namespace {

struct operators : operated_deployment {
    void administer(const std::string& id) const {
        const command_outcome listed = command({"users", "list"});
        BOOST_TEST(listed.status == 0);
        BOOST_TEST(listed.says(id));
        BOOST_TEST(listed.says("Alice"));
        BOOST_TEST(
            command({"users", "list", "--nick-name", "Al", "--json"}).json().at("users").as_array().size() ==
            1u);
        BOOST_TEST(rows_of(command({"users", "list", "--banned"})) == 0);
        BOOST_TEST(text_of(command({"users", "show", id, "--json"}).json(), "state") == "active");
        BOOST_TEST(command({"sessions", "list", id, "--json"}).json().at("sessions").as_array().size() == 1u);

        BOOST_TEST(!command({"sessions", "list", id}).says("with all others"));
        BOOST_TEST(command({"users", "ban", id}).output == "done\n");
        BOOST_TEST(command({"users", "list", "--banned"}).says(id));
        BOOST_TEST(command({"users", "unban", id, "--json"}).output == "{\"ok\":true}\n");
        BOOST_TEST(command({"users", "revoke", id}).status == 0);
        BOOST_TEST(command({"sessions", "list", id}).says("with all others"));
        BOOST_TEST(command({"users", "export", id, "--json"}).json().contains("identities"));
        BOOST_TEST(command({"users", "delete", id}).status == 0);

        const command_outcome gone = command({"users", "show", id});
        BOOST_TEST(gone.status == 1);
        BOOST_TEST(gone.says("nobody and nothing has this id"));
        const command_outcome log = command({"audit", "--user", id});
        for (const std::string_view event : {"banned", "unbanned", "sessions_revoked", "exported", "erased"})
            BOOST_TEST_CONTEXT(event) BOOST_TEST(log.says(event));
        BOOST_TEST(log.says("cli:"));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(operator_commands, operators)

BOOST_AUTO_TEST_CASE(users_are_administered_on_a_running_server) {
    administer(signed_in("alice", "&nickName=Alice"));
    BOOST_TEST(signed_in("alice") != "");
}

BOOST_AUTO_TEST_CASE(users_are_administered_on_the_files_of_a_stopped_server) {
    const std::string id = signed_in("alice", "&nickName=Alice");
    BOOST_TEST(stop_wxlogind() == 0);
    administer(id);
    start_wxlogind();
    BOOST_TEST(signed_in("alice") != id);
}

BOOST_AUTO_TEST_CASE(one_session_is_ended_and_the_others_are_not) {
    const std::string id = signed_in("alice");
    const std::string still =
        "Authorization: Bearer " + text_of(json_of(log_in(mint_code("alice"))), "token") + "\r\n";
    const auto sessions = command({"sessions", "list", id, "--json"}).json().at("sessions").as_array();
    BOOST_TEST_REQUIRE(sessions.size() == 2u);
    const std::string first = text_of(sessions[1].as_object(), "id"); // newest first
    BOOST_TEST(command({"sessions", "revoke", first}).status == 0);
    BOOST_TEST(http_get(internal_address(), "/verify", still).status == 200u);
    BOOST_TEST(command({"sessions", "revoke", "1"}).status == 1);
    BOOST_TEST(command({"sessions", "revoke", "x"}).status == 1);
    BOOST_TEST(command({"audit", "--event", "session_revoked"}).says(first));
}

BOOST_AUTO_TEST_CASE(lists_go_on_page_by_page_or_to_the_end) {
    for (int i = 0; i < 5; ++i) (void)signed_in("user" + std::to_string(i));
    const auto page = command({"users", "list", "--limit", "2", "--json"}).json();
    BOOST_TEST(page.at("users").as_array().size() == 2u);
    const auto last = command({"users", "list", "--cursor", text_of(page, "next"), "--json"}).json();
    BOOST_TEST(last.at("users").as_array().size() == 3u);
    BOOST_TEST(!last.contains("next"));
    const command_outcome all = command({"users", "list", "--all", "--limit", "2"});
    BOOST_TEST(rows_of(all) == 5);
    const command_outcome log = command({"audit", "--all", "--limit", "2", "--event", "login"});
    BOOST_TEST(rows_of(log) == 5);
}

// The server looks at so many records for a page.
BOOST_AUTO_TEST_CASE(what_is_rare_is_looked_for_until_it_is_found) {
    const std::string id = signed_in("alice");
    BOOST_TEST(command({"users", "ban", id}).status == 0);
    BOOST_TEST(stop_wxlogind() == 0);
    wxlogind::storage::sqlite::connection{database(), wxlogind::storage::sqlite::open_mode::read_write, ""}
        .run("WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 50000) "
             "INSERT INTO audit SELECT last.id + n, 'login_failed', 'server', NULL, 0, '', 'x', 1 "
             "FROM row, (SELECT max(id) AS id FROM audit) AS last");
    const command_outcome found = command({"audit", "--event", "banned"});
    BOOST_TEST(rows_of(found) == 1);
    BOOST_TEST(found.says(id));
    BOOST_TEST(
        command({"audit", "--event", "banned", "--json"}).json().at("records").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_list_has_headings_once_and_a_user_is_shown_with_times) {
    for (int i = 0; i < 3; ++i) (void)signed_in("user" + std::to_string(i));
    const std::string id = signed_in("alice", "&nickName=Alice");
    const command_outcome all = command({"users", "list", "--all", "--limit", "2"});
    BOOST_TEST(all.output.starts_with("USER  "));
    BOOST_TEST(all.output.rfind("USER  ") == 0u);
    BOOST_TEST(command({"sessions", "list", id}).output.starts_with("SESSION  "));
    BOOST_TEST(command({"audit"}).output.starts_with("TIME  "));
    const command_outcome shown = command({"users", "show", id});
    BOOST_TEST(shown.says("nickName: Alice\n"));
    BOOST_TEST(shown.says("created_at: 20"));
    BOOST_TEST(command({"users", "export", id}).says("\nidentities:\n  appid: " + std::string{first_appid}));
}

BOOST_AUTO_TEST_CASE(a_user_is_found_by_a_phone_number_that_stands_in_no_argument) {
    make_user(*this, R"({"user":"alice","phone":"13900000023"})");
    const auto login = json_of(log_in(mint_code("alice")));
    BOOST_TEST_REQUIRE(
        http_post(
            public_address(), "/me/phone", R"({"code":")" + phone_code_of(*this, "alice") + "\"}",
            "Authorization: Bearer " + text_of(login, "token") + "\r\n")
            .status == 200u);
    (void)signed_in("bob");
    write_file("phone", "+8613900000023\n");
    const command_outcome found = command({"users", "list", "--phone-from", file("phone")});
    BOOST_TEST(rows_of(found) == 1);
    BOOST_TEST(found.says(text_of(login, "id")));
    write_file("phone", "13900000024\n");
    BOOST_TEST(rows_of(command({"users", "list", "--phone-from", file("phone")})) == 0);
    BOOST_TEST(command({"users", "list", "--phone-from", file("no such file")}).status == 2);
    BOOST_TEST(command({"users", "list", "--phone-from", "-"}).status == 2); // it is empty
}

BOOST_AUTO_TEST_CASE(what_was_sealed_under_an_old_key_is_sealed_again_while_logins_go_on) {
    for (int i = 0; i < 250; ++i) (void)signed_in("user" + std::to_string(i % 50));
    BOOST_TEST(command({"keys", "add", "--sealing"}).status == 0);
    BOOST_TEST(command({"keys", "promote", "sealing:2"}).status == 0);
    wxlogind().send_signal(SIGHUP);
    wxlogind().wait_for_line(
        [](std::string_view line) { return line.find("SIGHUP: reloaded") != line.npos; });

    const auto done = command({"keys", "reseal", "--json"}).json();
    BOOST_TEST(text_of(done, "state") == "complete");
    BOOST_TEST(done.at("resealed").as_int64() == 250);
    BOOST_TEST(done.at("unreadable").as_int64() == 0);
    (void)signed_in("user1");
    BOOST_TEST(command({"keys", "reseal", "--json"}).json().at("resealed").as_int64() == 0);
    BOOST_TEST(command({"audit", "--event", "resealed"}).says("x250"));
    BOOST_TEST(command({"audit", "--event", "configuration_reloaded"}).says("server"));
}

BOOST_AUTO_TEST_CASE(another_key_that_signs_is_noted_once_and_a_reload_without_one_is_not) {
    const auto noted = [&](const char* event) { return command({"audit", "--event", event}); };
    std::ptrdiff_t reloads = 0;
    const auto reload_and_count = [&] {
        BOOST_TEST(text_of(reload(), "message") == "SIGHUP: reloaded");
        ++reloads; // which are noted after the keys
        BOOST_TEST(comes_true([&] { return rows_of(noted("configuration_reloaded")) == reloads; }));
        return rows_of(noted("keys_changed"));
    };
    BOOST_TEST(command({"keys", "add"}).status == 0);
    BOOST_TEST(reload_and_count() == 0);
    const auto keys = command({"keys", "list", "--json"}).json().at("signing_keys").as_array();
    BOOST_TEST_REQUIRE(keys.size() == 2u);
    const std::string kid = text_of(keys[1].as_object(), "kid");
    BOOST_TEST(command({"keys", "promote", kid}).status == 0);
    BOOST_TEST(reload_and_count() == 1);
    BOOST_TEST(noted("keys_changed").says(kid));
    BOOST_TEST(reload_and_count() == 1);
}

BOOST_AUTO_TEST_CASE(users_are_merged_and_unmerged_on_a_running_server_and_on_the_files_of_a_stopped_one) {
    // Without unionids they would not be two for WeChat.
    inject(R"({"kind":"body","named":"null_unionid","count":1})");
    const std::string first = signed_in("alice");
    const std::string second = signed_in("bob");
    for (int round = 0; round < 2; ++round) {
        const auto merged = command({"users", "merge", second, first, "--json"}).json();
        BOOST_TEST(text_of(merged, "id") == first);
        BOOST_TEST(text_of(merged, "merged") == second);
        BOOST_TEST(command({"users", "merge", first, first}).status == 1);
        BOOST_TEST(command({"users", "show", second}).says(first));
        BOOST_TEST(command({"audit", "--event", "merged"}).says(second));
        BOOST_TEST(command({"users", "unmerge", second}).status == 0);
        BOOST_TEST(command({"users", "show", second}).says(second));
        if (round == 0) BOOST_TEST(stop_wxlogind() == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()

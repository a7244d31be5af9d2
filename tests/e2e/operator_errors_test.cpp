// wxlogind users, sessions and audit: what an operator is told who did something wrong, or whose server is
// away.
#include "tests/support/file_content.hpp"
#include "tests/support/operator_call.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wxlogind::test;

BOOST_FIXTURE_TEST_SUITE(operator_errors, operated_deployment)

BOOST_AUTO_TEST_CASE(what_cannot_be_done_says_why) {
    const command_outcome nobody = command({"users", "show", "x"});
    BOOST_TEST(nobody.status == 1);
    BOOST_TEST(nobody.output == "wxlogind: nobody and nothing has this id\n");
    const command_outcome bad = command({"users", "list", "--limit", "0"});
    BOOST_TEST(bad.status == 1);
    BOOST_TEST(bad.says("limit: not from 1 to 200"));
    BOOST_TEST(
        text_of(command({"users", "list", "--limit", "0", "--json"}).json(), "code") == "invalid_request");
    BOOST_TEST(command({"users", "list", "--id", "x", "--banned"}).status == 1);
    BOOST_TEST(command({"users"}).status == 2);
    BOOST_TEST(command({"users", "show"}).status == 2);
    for (const char* const group : {"users", "sessions", "audit"}) {
        const command_outcome help = command({group, "--help"});
        BOOST_TEST(help.status == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_wrong_word_is_named_with_those_that_there_are) {
    const command_outcome word = command({"users", "lst"});
    BOOST_TEST(word.status == 2);
    BOOST_TEST(word.says("\"lst\" is no command of wxlogind users, which has list show"));
    const command_outcome event = command({"audit", "--event", "danced"});
    BOOST_TEST(event.status == 2);
    BOOST_TEST(event.says("phone_shared"));
    BOOST_TEST(command({"users", "unmerge", signed_in("alice")}).says("no merge of this user is known"));
}

BOOST_AUTO_TEST_CASE(no_database_is_made_by_looking_for_users) {
    BOOST_TEST(stop_wxlogind() == 0);
    std::filesystem::remove(database());
    const command_outcome refused = command({"users", "list"});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.says("there is no database yet: sqlite:" + database()));
    BOOST_TEST(!std::filesystem::exists(database()));
    std::ofstream{database()} << std::string(4096, 'x');
    const command_outcome damaged = command({"users", "list"});
    BOOST_TEST(damaged.status == 1);
    BOOST_TEST(damaged.says("storage: " + database() + ": "));
    BOOST_TEST(damaged.says("file is not a database"));
    BOOST_TEST(!damaged.says("--"));
    const command_outcome copy = command({"backup", "--to", file("")});
    BOOST_TEST(copy.status == 1);
    BOOST_TEST(copy.says("is a directory"));
    BOOST_TEST(command({"backup", "--to", file("nowhere/copy")}).says("nowhere: there is no directory"));
    std::filesystem::remove(database());
}

// Such as the public listener, or another program's.
BOOST_AUTO_TEST_CASE(who_is_no_internal_listener_is_named) {
    const std::string settings = content_of(file("wxlogind.toml"));
    const std::string own = "unix:" + file("internal.sock");
    std::string other = settings;
    other.replace(other.find(own), own.size(), control_address());
    write_file("wxlogind.toml", other);
    const command_outcome refused = command({"users", "list"});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.says("what answers at " + control_address()));
    BOOST_TEST(refused.says("is not wxlogind"));
    write_file("wxlogind.toml", settings);
}

// As with a listener on another host's address, or one that is behind a firewall.
BOOST_AUTO_TEST_CASE(a_server_that_runs_and_cannot_be_reached_is_left_alone) {
    const deployment unreachable; // on a port that its configuration does not tell
    const command_outcome refused = run_command(unreachable, {"users", "list"});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.says("no server answers at 127.0.0.1:0"));
    BOOST_TEST(refused.says("in use by process"));
    BOOST_TEST(unreachable.log_in(unreachable.mint_code("alice")).status == 200u);
}

// The file is named by an option, by the environment, or lies where systemd puts credentials.
BOOST_AUTO_TEST_CASE(a_listener_that_wants_service_keys_is_shown_one) {
    temporary_directory files;
    child_process maker{
        {program_path("wxlogind"), "service-key", "new", "operators", "--json", "--scope", "users:read",
         "--scope", "users:write"},
        files.file("made")};
    BOOST_TEST_REQUIRE(maker.wait() == 0);
    const auto made = boost::json::parse(maker.output()).as_object();
    const std::string key_file = files.file("service_key");
    std::ofstream{key_file} << text_of(made, "key") << '\n';
    std::filesystem::permissions(key_file, std::filesystem::perms::owner_read);

    deployment_options options = operated_deployment::options();
    options.server = "require_service_keys = true\n";
    options.sections = "[[service_keys]]\nname = \"operators\"\nhash = \"" + text_of(made, "hash") +
                       "\"\nscopes = [\"users:read\", \"users:write\"]\n";
    const deployment guarded{options};
    const auto id = text_of(json_of(guarded.log_in(guarded.mint_code("alice"))), "id");
    const std::vector<std::vector<std::string>> orders{
        {"users", "list"}, {"users", "revoke", id}, {"sessions", "list", id}, {"audit"}, {"keys", "reseal"}};
    for (const auto& order : orders) {
        const command_outcome refused = run_command(guarded, order);
        BOOST_TEST(refused.status == 1);
        BOOST_TEST(refused.says("--service-key-file FILE shows one"));
        auto with_option = order;
        with_option.insert(with_option.end(), {"--service-key-file", key_file});
        BOOST_TEST(run_command(guarded, with_option).status == 0);
        for (const std::string& variable :
             {"WXLOGIND_SERVICE_KEY_FILE=" + key_file, "CREDENTIALS_DIRECTORY=" + files.file("")}) {
            std::vector<std::string> words{"/usr/bin/env", variable, program_path("wxlogind")};
            words.insert(words.end(), order.begin(), order.end());
            words.insert(words.end(), {"--config", guarded.file("wxlogind.toml")});
            child_process program{words, files.file("out")};
            BOOST_TEST_CONTEXT(variable) BOOST_TEST(program.wait() == 0);
        }
    }
    BOOST_TEST(run_command(guarded, {"audit", "--service-key-file", key_file}).says("key:operators"));
    std::filesystem::permissions(key_file, std::filesystem::perms::owner_all);
    std::ofstream{key_file} << "wxsk_" << std::string(43, 'x') << '\n';
    BOOST_TEST(run_command(guarded, {"audit", "--service-key-file", key_file}).says("does not know the one"));
}

BOOST_AUTO_TEST_SUITE_END()

// A sealing key goes when nothing in the database needs it any more, and not before.
#include "tests/support/file_content.hpp"
#include "tests/support/open_data.hpp"
#include "tests/support/operator_call.hpp"
#include "tests/support/session_deployment.hpp"
#include "tests/support/steady_load.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wxlogind::test;
namespace json = boost::json;

namespace {

deployment_options with_socket() {
    deployment_options options;
    options.internal_socket = "internal.sock"; // which commands find in the configuration
    return options;
}

struct sealed_users : session_deployment {
    json::object alice;

    sealed_users() : session_deployment{with_socket()} {
        make_user(*this, R"({"user":"alice","phone":"13900000001"})");
        alice = json_of(log_in(mint_code("alice")));
        const std::string body = R"({"code":")" + phone_code_of(*this, "alice") + "\"}";
        BOOST_TEST_REQUIRE(bind_phone(alice, body).status == 200u);
    }
    command_outcome keys(std::vector<std::string> words) const {
        words.insert(words.begin(), "keys");
        return run_command(*this, std::move(words));
    }
    // The newest key is sealing:`number`, which the server does not know yet.
    void promote(const std::string& number) const {
        BOOST_TEST_REQUIRE(keys({"add", "--sealing"}).says("sealing:" + number));
        BOOST_TEST_REQUIRE(keys({"promote", "sealing:" + number}).status == 0);
    }
    void expect_reload() { BOOST_TEST(text_of(deployment::reload(), "message") == "SIGHUP: reloaded"); }
    // What is sealed of Alice still serves.
    void expect_readable() const {
        BOOST_TEST(text_of(json_of(me(alice)), "phone") == "139****0001");
        const auto made = make_open_data(*this, "alice", R"("kind":"phone")");
        const std::string body = R"({"encryptedData":")" + text_of(made, "encryptedData") + R"(","iv":")" +
                                 text_of(made, "iv") + "\"}";
        BOOST_TEST(bind_phone(alice, body).status == 200u);
        BOOST_TEST(
            json_of(http_get(internal_address(), "/users?phone=13900000001")).at("users").as_array().size() ==
            1u);
    }
    std::string listed() const { return keys({"list"}).output; }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sealing_key_retirement, sealed_users)

BOOST_AUTO_TEST_CASE(keys_are_retired_one_after_the_other_under_load_and_nobody_notices) {
    {
        steady_load load{*this};
        load.go_on_for(20);
        for (int round = 1; round <= 3; ++round) {
            const std::string old = "sealing:" + std::to_string(round);
            promote(std::to_string(round + 1));
            expect_reload();
            load.go_on_for(20);
            const auto retired = keys({"retire", old});
            BOOST_TEST(retired.status == 0);
            BOOST_TEST(retired.says("nothing was sealed by it any more"));
            BOOST_TEST(!has(listed(), old + " "));
            load.go_on_for(20);
            expect_reload();
            load.go_on_for(20);
            expect_readable();
        }
        BOOST_TEST(load.trouble() == "");
        BOOST_TEST(load.failures() == 0u);
    } // nobody asks while there is no server
    BOOST_TEST(!has(content_of(file("keys.toml")), "id = 3\n"));
    BOOST_TEST(stop_wxlogind() == 0);
    start_wxlogind();
    expect_readable();
}

BOOST_AUTO_TEST_CASE(a_server_that_died_between_sealing_again_and_the_end_of_the_key_loses_nothing) {
    promote("2");
    expect_reload();
    BOOST_TEST(keys({"reseal"}).status == 0);
    kill_wxlogind();
    BOOST_TEST(keys({"retire", "sealing:1"}).status == 0); // on its files
    BOOST_TEST(!has(listed(), "sealing:1"));
    start_wxlogind();
    expect_readable();
}

BOOST_AUTO_TEST_CASE(a_stopped_servers_database_is_sealed_again_first) {
    BOOST_TEST(stop_wxlogind() == 0);
    promote("2");
    BOOST_TEST(keys({"retire", "sealing:1"}).status == 0);
    start_wxlogind();
    expect_readable();
}

BOOST_AUTO_TEST_CASE(a_server_that_seals_with_it_still_is_named) {
    promote("2");
    const auto refused = keys({"retire", "sealing:1"});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.says("the server seals with sealing:1. SIGHUP it first"));
    BOOST_TEST(keys({"retire", "sealing:1", "--force", "--json"}).status == 1);
    BOOST_TEST(has(listed(), "sealing:1"));
    expect_readable();
}

// As when somebody has taken it out of the file by hand.
BOOST_AUTO_TEST_CASE(a_file_without_a_key_that_is_needed_is_not_taken_in) {
    promote("2");
    expect_reload();
    const std::string keys_file = file("keys.toml");
    const std::string whole = content_of(keys_file);
    std::ofstream{keys_file} << whole.substr(0, whole.rfind("\n[[sealing_keys]]"));
    BOOST_TEST(!has(content_of(keys_file), "id = 1\n"));
    BOOST_TEST(text_of(deployment::reload(), "message").starts_with("SIGHUP: refused"));
    expect_readable();
    // The server has the key still, and seals again with it.
    BOOST_TEST(keys({"reseal"}).status == 0);
    expect_reload();
    expect_readable();
}

BOOST_AUTO_TEST_CASE(another_server_with_the_same_file_keeps_the_key_until_it_does_not_need_it) {
    sealed_users other;
    const auto copy = [&](const sealed_users& to) {
        std::filesystem::copy_file(
            file("keys.toml"), to.file("keys.toml"), std::filesystem::copy_options::overwrite_existing);
    };
    // Both begin with the same keys.
    BOOST_TEST(other.stop_wxlogind() == 0);
    std::filesystem::remove(other.database());
    copy(other);
    other.start_wxlogind();
    other.alice = json_of(other.log_in(other.mint_code("alice")));
    BOOST_TEST_REQUIRE(
        other.bind_phone(other.alice, R"({"code":")" + phone_code_of(other, "alice") + "\"}").status == 200u);

    promote("2");
    copy(other);
    for (sealed_users* const each : {static_cast<sealed_users*>(this), &other}) each->expect_reload();
    BOOST_TEST(keys({"retire", "sealing:1"}).status == 0);
    expect_reload();
    copy(other);
    BOOST_TEST(text_of(other.deployment::reload(), "message").starts_with("SIGHUP: refused"));
    other.expect_readable();
    BOOST_TEST(other.keys({"reseal"}).status == 0);
    other.expect_reload();
    other.expect_readable();
    expect_readable();
}

BOOST_AUTO_TEST_CASE(what_the_key_does_not_open_is_counted_and_given_up_by_force_alone) {
    promote("2");
    BOOST_TEST(stop_wxlogind() == 0);
    const std::string keys_file = file("keys.toml");
    std::string other_key = content_of(keys_file);
    const auto at = other_key.rfind("secret = \"") + 10;
    other_key[at] = other_key[at] == 'A' ? 'B' : 'A';
    std::ofstream{keys_file} << other_key;
    start_wxlogind();

    const auto refused = keys({"retire", "sealing:1"});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(
        refused.says("2 values in the database that it has sealed cannot be opened")); // and a session_key
    BOOST_TEST(refused.says("--force"));
    BOOST_TEST(has(listed(), "sealing:1"));
    BOOST_TEST(keys({"retire", "sealing:1", "--force"}).status == 0);
    BOOST_TEST(!has(listed(), "sealing:1"));
    expect_reload();
    BOOST_TEST(verify(alice).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

// Keys change while people log in and back ends ask: nobody notices.
#include "tests/support/file_content.hpp"
#include "tests/support/steady_load.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

boost::json::object run_keys(const deployment& of, std::vector<std::string> words, int expected_status = 0) {
    std::vector<std::string> argv{program_path("wxlogind"), "keys"};
    argv.insert(argv.end(), words.begin(), words.end());
    argv.insert(argv.end(), {"--config", of.file("wxlogind.toml"), "--json"});
    child_process program{argv, of.file("keys.out")};
    const int status = program.wait();
    BOOST_TEST(status == expected_status, program.output());
    return boost::json::parse(program.output()).as_object();
}

// SIGHUP, and the line that says what counts now.
void reload(deployment& running, const std::string& signs, unsigned verify) {
    running.wxlogind().send_signal(SIGHUP);
    const std::string wanted = "\"signs\":\"" + signs + "\",\"verify\":" + std::to_string(verify);
    running.wxlogind().wait_for_line(
        [&](std::string_view line) { return line.find(wanted) != std::string_view::npos; });
}

std::string bearer(const boost::json::object& login) {
    return "Authorization: Bearer " + text_of(login, "token") + "\r\n";
}

bool is_verified(const deployment& by, const std::string& authorization) {
    return http_get(by.internal_address(), "/verify", authorization).status == 200u;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_rotation)

BOOST_AUTO_TEST_CASE(keys_rotate_under_load_without_one_failure) {
    deployment running;
    std::string old = text_of(run_keys(running, {"list"}).at("signing_keys").at(0).as_object(), "kid");
    steady_load load{running};
    load.go_on_for(20);
    for (int round = 0; round < 3; ++round) {
        const std::string before = bearer(json_of(running.log_in(running.mint_code("before"))));
        const std::string next = text_of(run_keys(running, {"add"}), "key");
        reload(running, old, 2);
        load.go_on_for(20);
        run_keys(running, {"promote", next});
        reload(running, next, 2);
        load.go_on_for(20);
        BOOST_TEST(is_verified(running, before));
        load.take_new_tokens();
        // Its tokens live for a month; those of this test are not used any more.
        BOOST_TEST(!run_keys(running, {"retire", old}, 1).at("ok").as_bool());
        run_keys(running, {"retire", old, "--force"});
        reload(running, next, 1);
        load.go_on_for(20);
        BOOST_TEST(!is_verified(running, before));
        old = next;
    }
    BOOST_TEST(load.trouble() == "");
    BOOST_TEST(load.failures() == 0u);
    BOOST_TEST_MESSAGE("requests under rotation: " << load.requests());
}

BOOST_AUTO_TEST_CASE(a_broken_file_keeps_the_old_keys_and_says_so) {
    deployment running;
    const std::string keys_file = running.file("keys.toml");
    const std::string good = content_of(keys_file);
    const std::string kid = text_of(run_keys(running, {"list"}).at("signing_keys").at(0).as_object(), "kid");
    const std::string token = bearer(json_of(running.log_in(running.mint_code("paul"))));

    const auto with = [&](const std::string& text, const std::string& complaint) {
        std::ofstream{keys_file} << text;
        running.wxlogind().send_signal(SIGHUP);
        const std::string line = running.wxlogind().wait_for_line(
            [&](std::string_view each) { return each.find(complaint) != std::string_view::npos; });
        const auto said = boost::json::parse(line).as_object();
        BOOST_TEST(text_of(said, "level") == "error");
        BOOST_TEST(text_of(said, "what") == "keys");
        BOOST_TEST(text_of(said, "why").starts_with(keys_file));
        BOOST_TEST(is_verified(running, token));
        BOOST_TEST(is_verified(running, bearer(json_of(running.log_in(running.mint_code("paul"))))));
    };
    with(good.substr(0, good.size() / 2), "keys.toml:");
    with("", "empty: remove it");
    with("-----BEGIN PRIVATE KEY-----\n", "a PEM, not a keyring");
    std::string other_sealing = good;
    const auto secret_at = other_sealing.rfind("secret = \"") + 10;
    other_sealing[secret_at] = other_sealing[secret_at] == 'A' ? 'B' : 'A';
    with(other_sealing, "a sealing key is missing or was changed");
    std::filesystem::permissions(keys_file, std::filesystem::perms{0644});
    with(good, "open to group or others");
    std::filesystem::remove(keys_file);
    running.wxlogind().send_signal(SIGHUP);
    running.wxlogind().wait_for_line(
        [](std::string_view each) { return each.find("cannot be opened: No such file") != each.npos; });
    BOOST_TEST(is_verified(running, token));
    BOOST_TEST(!std::filesystem::exists(keys_file));

    // Mended, and taken.
    std::ofstream{keys_file} << good;
    std::filesystem::permissions(keys_file, std::filesystem::perms{0600});
    reload(running, kid, 1);
    BOOST_TEST(is_verified(running, token));
    // No byte of a key in the log.
    BOOST_TEST(running.wxlogind().output().find(good.substr(secret_at, 16)) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_processes_that_disagree_on_the_active_key_take_each_others_tokens) {
    deployment one;
    deployment other;
    // As if the file lay on both machines, and one of them has not heard of the promotion.
    const auto copy = [&] {
        std::filesystem::copy_file(
            one.file("keys.toml"), other.file("keys.toml"),
            std::filesystem::copy_options::overwrite_existing);
    };
    copy();
    BOOST_TEST(other.stop_wxlogind() == 0);
    other.start_wxlogind();
    const std::string old = text_of(run_keys(one, {"list"}).at("signing_keys").at(0).as_object(), "kid");
    const std::string next = text_of(run_keys(one, {"add"}), "key");
    copy();
    reload(one, old, 2);
    reload(other, old, 2);
    run_keys(one, {"promote", next});
    reload(one, next, 2);

    const std::string of_one = bearer(json_of(one.log_in(one.mint_code("ann"))));
    const std::string of_other = bearer(json_of(other.log_in(other.mint_code("ann"))));
    for (const deployment* by : {&one, &other})
        for (const std::string& token : {of_one, of_other}) BOOST_TEST(is_verified(*by, token));
}

BOOST_AUTO_TEST_CASE(the_keys_commands_never_show_a_key_and_say_what_comes_next) {
    const deployment running;
    const auto plain = [&](std::vector<std::string> words, int expected_status = 0) {
        std::vector<std::string> argv{program_path("wxlogind"), "keys"};
        argv.insert(argv.end(), words.begin(), words.end());
        argv.insert(argv.end(), {"--config", running.file("wxlogind.toml")});
        child_process program{argv, running.file("keys.out")};
        BOOST_TEST(program.wait() == expected_status);
        return program.output();
    };
    std::string said = plain({"add"});
    BOOST_TEST(said.find("Next: SIGHUP") != std::string::npos);
    const std::string kid = said.substr(0, said.find(' '));
    said += plain({"add", "--sealing"});
    said += plain({"promote", kid});
    said += plain({"promote", "sealing:2"});
    said += plain({"list"});
    BOOST_TEST(said.find("sealing:2") != std::string::npos);
    BOOST_TEST(said.find("may be retired after") != std::string::npos);
    said += plain({"retire", "sealing:2"}, 1);
    BOOST_TEST(said.find("seals: add and promote another first") != std::string::npos);
    said += plain({"retire", kid}, 1);
    said += plain({"promote", "nobody"}, 1);
    said += boost::json::serialize(run_keys(running, {"list"}));

    std::istringstream lines{content_of(running.file("keys.toml"))};
    unsigned secrets = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("secret = \"")) continue;
        ++secrets;
        BOOST_TEST(said.find(line.substr(10, 12)) == std::string::npos);
    }
    BOOST_TEST(secrets == 4u);
}

BOOST_AUTO_TEST_SUITE_END()

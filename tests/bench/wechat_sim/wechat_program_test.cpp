#include "tests/bench/wechat_sim/tls_client.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <sstream>

using namespace wxlogind::test;

namespace {

struct program {
    temporary_directory directory;

    // Runs it to its end.
    std::pair<int, std::string> run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), program_path("wechat-sim"));
        child_process child{std::move(arguments), directory.file("output")};
        const int status = child.wait();
        return {status, child.output()};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_program, program)

BOOST_AUTO_TEST_CASE(it_says_where_it_listens_serves_and_ends_with_zero_on_sigterm) {
    const std::string ca_file = directory.file("ca.pem");
    const std::string ready_file = directory.file("ready");
    child_process child{
        {program_path("wechat-sim"), "--app", "wx1=secret,group", "--ca-file", ca_file, "--ready-file",
         ready_file, "--load-codes"},
        directory.file("output")};
    const std::string line = child.wait_for_line([](std::string_view text) { return text.starts_with("{"); });
    const auto ready = boost::json::parse(line);
    BOOST_TEST(ready.at("ca_file").as_string() == ca_file);
    BOOST_TEST((boost::json::parse(content_of(ready_file)) == ready));
    const std::string listen{ready.at("listen").as_string()};
    const std::string control{ready.at("control").as_string()};

    tls_client client{listen, content_of(ca_file)};
    BOOST_TEST_REQUIRE(client.error() == "");
    const std::string target =
        "/sns/jscode2session?appid=wx1&secret=secret&grant_type=authorization_code&js_code=";
    const std::string code = http_get(control, "/codes?appid=wx1&user=alice").body;
    BOOST_TEST(client.get(target + code).body.starts_with(R"({"session_key":)"));
    BOOST_TEST(
        client.get(target + "0L0000000001aaaaaaaaaaaaaaaaaaaa").body.starts_with(R"({"session_key":)"));

    child.send_signal(SIGTERM);
    BOOST_TEST(child.wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_record_has_every_request_and_its_answer_for_its_owner_alone) {
    const std::string record = directory.file("record");
    const std::string ca_file = directory.file("ca.pem");
    child_process child{
        {program_path("wechat-sim"), "--app", "wx1=secret", "--ca-file", ca_file, "--record", record},
        directory.file("output")};
    const auto ready =
        boost::json::parse(child.wait_for_line([](std::string_view text) { return text.starts_with("{"); }));
    const std::string code =
        http_get(std::string{ready.at("control").as_string()}, "/codes?appid=wx1&user=alice").body;
    tls_client client{std::string{ready.at("listen").as_string()}, content_of(ca_file)};
    const std::string query = "appid=wx1&secret=secret&grant_type=authorization_code&js_code=" + code;
    const std::string answer = client.get("/sns/jscode2session?" + query).body;

    std::istringstream lines{content_of(record)};
    std::string line;
    std::getline(lines, line);
    BOOST_TEST(boost::json::parse(line).at("answer").as_string() == code);
    std::getline(lines, line);
    const auto exchange = boost::json::parse(line);
    BOOST_TEST(exchange.at("path").as_string() == "/sns/jscode2session");
    BOOST_TEST(exchange.at("query").as_string() == query);
    BOOST_TEST(exchange.at("answer").as_string() == answer);
    using std::filesystem::perms;
    BOOST_TEST((std::filesystem::status(record).permissions() == (perms::owner_read | perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(help_has_examples_and_version_a_number) {
    const auto [help_status, help] = run({"--help"});
    BOOST_TEST(help_status == 0);
    BOOST_TEST(help.find("Examples:") != std::string::npos);
    BOOST_TEST(help.find("--load-codes") != std::string::npos);
    const auto [version_status, version] = run({"--version"});
    BOOST_TEST(version_status == 0);
    BOOST_TEST(version.starts_with("wechat-sim 0."));
}

BOOST_AUTO_TEST_CASE(bad_arguments_are_refused_with_a_reason) {
    const std::pair<std::vector<std::string>, std::string_view> cases[] = {
        {{"--app", "no-secret"}, "APPID=SECRET"},
        {{"--app", "=secret"}, "APPID=SECRET"},
        {{"--app", "wx=,group"}, "APPID=SECRET"},
        {{"--listen", "nonsense"}, "ADDRESS:PORT"},
        {{"--listen", "127.0.0.1:"}, "ADDRESS:PORT"},
        {{"--latency", "slow"}, "lognormal"},
        {{"--threads", "0"}, "--threads"},
        {{"--ca-file", "/nonexistent/ca.pem"}, "/nonexistent/ca.pem"},
        {{"--nonsense"}, "nonsense"},
    };
    for (const auto& [arguments, reason] : cases) {
        const auto [status, output] = run(arguments);
        BOOST_TEST(status != 0, arguments.front() << " " << arguments.back());
        BOOST_TEST(output.find(reason) != std::string::npos, output);
    }
}

BOOST_AUTO_TEST_SUITE_END()

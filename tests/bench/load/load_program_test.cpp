// wxlogin-bench as it is shipped, against wxlogind and wechat-sim as they are shipped.
#include "tests/support/deployment.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/free_port.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

deployment_options for_load() {
    deployment_options options;
    options.simulator = {"--load-codes", "--rate-limit", "0"};
    options.threads = 1;
    options.sections = "[limits]\nrequests_per_user = 0\nlogins_per_app = 0\n";
    return options;
}

struct outcome {
    int status{-1};
    std::string output{};
    boost::json::object figures{};

    [[nodiscard]] const boost::json::object& operation(std::string_view name) const {
        BOOST_TEST_REQUIRE(status != 2, output);
        return figures.at("operations").as_object().at(name).as_object();
    }
    [[nodiscard]] const boost::json::value& figure(std::string_view name) const {
        BOOST_TEST_REQUIRE(status != 2, output);
        return figures.at(name);
    }
    [[nodiscard]] std::int64_t count(std::string_view operation_name, std::string_view of) const {
        return operation(operation_name).at(of).to_number<std::int64_t>();
    }
};

outcome run_bench(const temporary_directory& files, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program_path("wxlogin-bench"));
    child_process bench{arguments, files.file("bench.out")};
    outcome result;
    result.status = bench.wait(60s);
    result.output = bench.output();
    const std::string figures = content_of(files.file("figures.json"));
    if (!figures.empty()) result.figures = boost::json::parse(figures).as_object();
    return result;
}

// Short, with few users, against `server`.
outcome run_scenario(deployment& server, std::vector<std::string> arguments) {
    const temporary_directory files;
    const std::vector<std::string> common{"--target",      server.public_address(),
                                          "--internal",    server.internal_address(),
                                          "--duration",    "400ms",
                                          "--warm-up",     "100ms",
                                          "--users",       "50",
                                          "--sessions",    "20",
                                          "--connections", "8",
                                          "--json",        files.file("figures.json")};
    // Of two options with the same name, the last counts.
    arguments.insert(arguments.begin(), common.begin(), common.end());
    return run_bench(files, arguments);
}

void check_all_good(const outcome& result, std::string_view operation) {
    BOOST_TEST_CONTEXT(result.output) {
        BOOST_TEST_REQUIRE(result.status == 0);
        BOOST_TEST(result.count(operation, "failed") == 0);
        BOOST_TEST(result.count(operation, "succeeded") > 0);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(load_program)

BOOST_AUTO_TEST_CASE(every_scenario_runs_without_a_failure) {
    deployment server{for_load()};
    for (const char* const scenario : {"returning", "first", "double-tap", "verify", "me", "refresh", "fill"})
        check_all_good(run_scenario(server, {scenario}), scenario);
    check_all_good(run_scenario(server, {"get", "--path", "/healthz"}), "get");

    const outcome mix =
        run_scenario(server, {"mix", "--mix", "returning=2,first=1,verify=2,me=1,refresh=1,double-tap=1"});
    for (const char* const each : {"returning", "first", "verify", "me", "refresh", "double-tap"})
        check_all_good(mix, each);
}

BOOST_AUTO_TEST_CASE(first_logins_are_of_new_users_and_returning_ones_are_not) {
    deployment server{for_load()};
    const outcome first = run_scenario(server, {"first"});
    BOOST_TEST(first.count("first", "new_users") == first.count("first", "succeeded"));
    const outcome returning = run_scenario(server, {"returning"});
    BOOST_TEST(returning.count("returning", "new_users") == 0);
    const outcome unprepared = run_scenario(
        server,
        {"returning", "--users", "1000000", "--zipf", "0", "--first-user", "1000", "--users-are-there"});
    BOOST_TEST(unprepared.count("returning", "new_users") > 0);
}

BOOST_AUTO_TEST_CASE(every_way_of_pushing_works) {
    deployment server{for_load()};
    check_all_good(run_scenario(server, {"returning", "--rate", "100"}), "returning");
    check_all_good(
        run_scenario(server, {"returning", "--rate", "100", "--arrivals", "poisson"}), "returning");
    check_all_good(run_scenario(server, {"returning", "--new-connections"}), "returning");
    check_all_good(run_scenario(server, {"returning", "--threads", "3", "--post"}), "returning");
    const outcome idle = run_scenario(server, {"returning", "--idle-connections", "300"});
    check_all_good(idle, "returning");
    BOOST_TEST(idle.figure("idle_connections").to_number<int>() == 300);
    // Long enough that also a slow machine has a rate that it can carry and that is high enough to be tried.
    const outcome ramp = run_scenario(
        server,
        {"returning", "--ramp", "p99<10s", "--timeout", "20s", "--connections", "512", "--duration", "2s"});
    BOOST_TEST_CONTEXT(ramp.output) {
        BOOST_TEST(!ramp.figure("ramp").as_array().empty());
    }
}

BOOST_AUTO_TEST_CASE(behind_a_balancers_limit_those_over_it_are_turned_away_and_nobody_waits) {
    deployment server{for_load()};
    server.inject(R"({"kind":"latency","latency":"fixed:50"})");
    const outcome result = run_scenario(
        server, {"returning", "--rate", "20", "--connections", "2", "--turn-away", "--users-are-there",
                 "--surge", "1000:200ms:200ms", "--duration", "1s"});
    BOOST_TEST_REQUIRE(result.status == 0, result.output);
    BOOST_TEST(result.output.find("turned_away") != std::string::npos, result.output);
    BOOST_TEST(result.count("returning", "failed") > 100);
    BOOST_TEST(result.count("returning", "succeeded") > 10);
    BOOST_TEST(run_scenario(server, {"returning", "--turn-away"}).status == 2);
}

BOOST_AUTO_TEST_CASE(sessions_of_one_run_serve_the_next_without_a_login) {
    deployment server{for_load()};
    const temporary_directory files;
    const std::string sessions = files.file("sessions");
    check_all_good(run_scenario(server, {"verify", "--sessions-file", sessions}), "verify");
    const std::string kept = content_of(sessions);
    BOOST_TEST(std::ranges::count(kept, '\n') == 20);

    server.inject(R"({"kind":"errcode","errcode":40029})"); // no login works from here on
    for (const char* const scenario : {"verify", "me"})
        check_all_good(
            run_scenario(server, {scenario, "--sessions-file", sessions, "--threads", "3"}), scenario);
    BOOST_TEST((content_of(sessions) == kept));
    BOOST_TEST(run_scenario(server, {"refresh", "--sessions-file", sessions}).status == 2);
}

BOOST_AUTO_TEST_CASE(the_server_is_found_and_what_it_spent_is_told) {
    deployment server{for_load()};
    const outcome result = run_scenario(server, {"returning"});
    const auto& spent = result.figure("server").as_object();
    BOOST_TEST(spent.at("cpu_s").to_number<double>() > 0);
    BOOST_TEST(spent.at("voluntary_switches").to_number<std::int64_t>() > 0);
    BOOST_TEST(spent.at("resident_bytes").to_number<std::int64_t>() > 1 << 20);
    BOOST_TEST(spent.at("per_request").at("cpu").to_number<double>() > 0);
}

BOOST_AUTO_TEST_CASE(conditions_decide_the_exit_status) {
    deployment server{for_load()};
    const outcome good = run_scenario(server, {"returning", "--fail-if", "errors>0%", "--fail-if", "rate<1"});
    BOOST_TEST(good.status == 0, good.output);
    const outcome bad = run_scenario(server, {"returning", "--fail-if", "errors>0%", "--fail-if", "p50>1us"});
    BOOST_TEST(bad.status == 1);
    BOOST_TEST(bad.output.find("FAILED: p50>1us: it is ") != std::string::npos, bad.output);
    BOOST_TEST(bad.figure("failed_conditions").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(refusals_are_counted_by_status_and_code) {
    deployment server{for_load()};
    deployment& faulty = server;
    // The first login is the harness's look at the server, and the next 50 make the users.
    faulty.inject(R"({"kind":"errcode","errcode":45011,"probability":0.3})");
    outcome result;
    // That look may be refused as well.
    for (int tries = 0; tries < 50 && result.status != 0; ++tries)
        result = run_scenario(server, {"returning", "--users-are-there"});
    bool is_counted = false;
    for (const auto& each : result.operation("returning").at("failures").as_array())
        is_counted |= each.at("status").to_number<int>() == 429 && each.at("code") == "rate_limited";
    BOOST_TEST(is_counted, result.output);
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_is_said_with_what_helps) {
    const temporary_directory files;
    const auto complaint = [&](std::vector<std::string> arguments) {
        const outcome result = run_bench(files, std::move(arguments));
        BOOST_TEST(result.status == 2, result.output);
        return result.output;
    };
    const auto says = [&](const std::string& text, std::string_view wanted) {
        BOOST_TEST(text.find(wanted) != std::string::npos, text);
    };
    const std::string nobody = "127.0.0.1:" + std::to_string(free_port());
    says(complaint({"returning", "--target", nobody}), "no answer from " + nobody);
    says(complaint({"returning", "--target", "nonsense"}), "has no port");
    says(complaint({"loging"}), "there is no scenario \"loging\"");
    says(complaint({"--fail-if", "p99>20"}), "needs a unit");
    says(complaint({"--duration", "soon"}), "10s");
    says(complaint({"--mix", "returning=0"}), "NAME=WEIGHT");
    says(
        complaint(
            {"--connections", "1000000", "--threads", "2", "--idle-connections", "1000000", "--target",
             nobody}),
        "file descriptors");

    deployment_options strict;
    strict.threads = 1;
    deployment minting{strict};
    says(complaint({"returning", "--target", minting.public_address()}), "--load-codes");
    says(
        complaint({"returning", "--target", minting.public_address(), "--appid", "wx0000000000000000"}),
        "--appid");
    says(
        complaint(
            {"verify", "--target", minting.public_address(), "--internal", nobody, "--expect",
             "code_rejected"}),
        "--load-codes");
}

BOOST_AUTO_TEST_CASE(a_limit_of_rates_is_recognised) {
    deployment_options options;
    options.simulator = {"--load-codes", "--rate-limit", "1"};
    options.threads = 1;
    deployment server{options};
    const temporary_directory files;
    outcome result;
    // The limit is one of each minute: one of three falls into the same.
    for (int tries = 0; tries < 3 && result.status != 2; ++tries)
        result = run_bench(
            files, {"get", "--path",
                    "/login?code=0L" + std::string(10, '0') + std::string(19, 'x') + char('0' + tries),
                    "--target", server.public_address(), "--duration", "100ms", "--warm-up", "0s"});
    BOOST_TEST(result.output.find("--rate-limit 0") != std::string::npos, result.output);
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_it_in_good_order_with_what_there_is) {
    deployment server{for_load()};
    const temporary_directory files;
    child_process bench{
        {program_path("wxlogin-bench"), "returning", "--target", server.public_address(), "--users", "10",
         "--duration", "10m", "--warm-up", "0s", "--connections", "4", "--json", files.file("figures.json")},
        files.file("bench.out")};
    // A hundred logins, and it is at it.
    const auto is_at_it = [&] { return content_of(server.file("wxlogind.log")).size() > 60'000; };
    while (!is_at_it()) BOOST_TEST_REQUIRE(!bench.poll().has_value());
    bench.send_signal(SIGINT);
    BOOST_TEST(bench.wait(30s) == 0);
    const auto figures = boost::json::parse(content_of(files.file("figures.json"))).as_object();
    BOOST_TEST(figures.at("interrupted").as_bool());
    BOOST_TEST(figures.at("all").at("succeeded").to_number<int>() > 0);
}

BOOST_AUTO_TEST_CASE(a_try_out_needs_nothing_and_leaves_nothing) {
    const temporary_directory files;
    const outcome result = run_bench(
        files, {"--try-out", "--duration", "300ms", "--warm-up", "0s", "--users", "20", "--connections", "4",
                "--json", files.file("figures.json"), "--html", files.file("report.html")});
    check_all_good(result, "returning");
    BOOST_TEST(content_of(files.file("report.html")).starts_with("<!doctype html>"));

    const outcome kept = run_bench(
        files, {"first", "--try-out", "--keep", files.file("kept"), "--duration", "200ms", "--warm-up", "0s",
                "--connections", "4"});
    BOOST_TEST(kept.status == 0, kept.output);
    BOOST_TEST(std::filesystem::exists(files.file("kept/wxlogind.db")));
}

BOOST_AUTO_TEST_CASE(help_explains_a_first_run) {
    const temporary_directory files;
    const outcome help = run_bench(files, {"--help"});
    BOOST_TEST(help.status == 0);
    BOOST_TEST(help.output.find("wxlogin-bench --try-out") != std::string::npos);
    BOOST_TEST(help.output.find("double-tap") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

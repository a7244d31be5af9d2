// What systemd hears of wxlogind: when it is ready, how it is, that it lives, that it leaves.
#include "tests/service/notify_socket.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/held_thread.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <fstream>
#include <memory>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

constexpr auto watchdog = 3s;

deployment_options watched_by(const notify_socket& manager) {
    deployment_options options;
    options.program = {
        "env", "NOTIFY_SOCKET=" + manager.path(),
        "WATCHDOG_USEC=" + std::to_string(std::chrono::microseconds{watchdog}.count()),
        program_path("wxlogind")};
    return options;
}

bool hears_of_life(notify_socket& manager, std::chrono::milliseconds within) {
    const auto limit = std::chrono::steady_clock::now() + within;
    while (std::chrono::steady_clock::now() < limit)
        if (manager.next(50ms).find("WATCHDOG=1") != std::string::npos) return true;
    return false;
}

// With one thread stopped, the process says nothing of being alive for longer than the watchdog waits,
// although all others run; with the thread going again, it does.
void starves_the_watchdog(std::string_view thread) {
    notify_socket manager;
    deployment running{watched_by(manager)};
    manager.wait_for("WATCHDOG=1");
    {
        const held_thread stuck{running.wxlogind().pid(), thread};
        // What it said before it was stopped, and the one round in which it had moved since.
        (void)hears_of_life(manager, 1s);
        BOOST_TEST(!hears_of_life(manager, 2 * watchdog));
        running.wxlogind().wait_for_line([thread](std::string_view line) {
            return line.find("shows no life") != std::string_view::npos &&
                   line.find(thread) != std::string_view::npos;
        });
    }
    manager.wait_for("WATCHDOG=1");
    BOOST_TEST(running.log_in(running.mint_code("ada")).status == 200u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(service_manager)

BOOST_AUTO_TEST_CASE(it_is_ready_when_it_serves_and_says_what_and_how) {
    notify_socket manager;
    deployment running{watched_by(manager)};
    const std::string ready = manager.wait_for("READY=1");
    BOOST_TEST_CONTEXT(ready) {
        for (const std::string& part :
             {running.public_address(), running.internal_address(), std::string{"database writable"},
              std::string{"WeChat untried"}})
            BOOST_TEST(ready.find(part) != std::string::npos);
    }
    BOOST_TEST(running.log_in(running.mint_code("ada")).status == 200u);
    manager.wait_for("WeChat up");
    const http_connection client{running.public_address()};
    manager.wait_for(": 1 connection,");
}

BOOST_AUTO_TEST_CASE(it_is_not_ready_without_its_database) {
    notify_socket manager;
    deployment running;
    child_process second{
        {"env", "NOTIFY_SOCKET=" + manager.path(), program_path("wxlogind"), "--config",
         running.file("wxlogind.toml")},
        running.file("second.log")};
    BOOST_TEST(second.wait() == 1);
    BOOST_TEST(manager.next(0ms) == "STATUS=Starting: keys, database, listeners");
    BOOST_TEST(manager.next(0ms) == "");
}

BOOST_AUTO_TEST_CASE(it_says_that_it_leaves_before_it_does) {
    notify_socket manager;
    deployment_options options = watched_by(manager);
    options.server = "drain_delay_ms = 1500\n";
    deployment running{options};
    manager.wait_for("READY=1");
    running.wxlogind().send_signal(SIGTERM);
    const std::string leaving = manager.wait_for("STOPPING=1");
    BOOST_TEST(leaving.find("still serving") != std::string::npos);
    BOOST_TEST(http_get(running.public_address(), "/healthz").status == 200u);
    manager.wait_for("WATCHDOG=1");
    manager.wait_for("finishing requests");
    BOOST_TEST(running.wxlogind().wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_reload_is_announced_and_one_that_was_refused_stays_in_the_status) {
    notify_socket manager;
    deployment running{watched_by(manager)};
    running.wxlogind().send_signal(SIGHUP);
    const std::string begun = manager.wait_for("RELOADING=1");
    BOOST_TEST(begun.find("\nMONOTONIC_USEC=") != std::string::npos);
    BOOST_TEST(manager.wait_for("READY=1").find("REFUSED") == std::string::npos);

    std::ofstream{running.file("keys.toml"), std::ios::trunc} << "no keys";
    running.wxlogind().send_signal(SIGHUP);
    manager.wait_for("RELOADING=1");
    BOOST_TEST(manager.wait_for("READY=1").find("reload was REFUSED") != std::string::npos);
    BOOST_TEST(running.log_in(running.mint_code("ada")).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_stuck_reactor_starves_the_watchdog) {
    starves_the_watchdog("reactor-1");
}

BOOST_AUTO_TEST_CASE(a_stuck_reactor_of_the_internal_listener_starves_the_watchdog) {
    starves_the_watchdog("internal-0");
}

BOOST_AUTO_TEST_CASE(a_stuck_writer_starves_the_watchdog) {
    starves_the_watchdog("writer");
}

BOOST_AUTO_TEST_SUITE_END()

// What /proc tells of processes.
#include "bench/load/spent/machine_load.hpp"
#include "bench/load/spent/process_watch.hpp"
#include "bench/load/spent/syscall_count.hpp"
#include "bench/load/try_out/started_program.hpp"
#include "bench/load/wire/endpoint.hpp"
#include "tests/bench/load/scripted_server.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

#include <time.h>
#include <unistd.h>

using namespace wxlogind::load;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using wxlogind::test::scripted_server;

namespace {

nanoseconds own_cpu() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return std::chrono::seconds{now.tv_sec} + nanoseconds{now.tv_nsec};
}

} // namespace

BOOST_AUTO_TEST_SUITE(spent)

BOOST_AUTO_TEST_CASE(cpu_time_and_memory_are_those_of_the_process) {
    const wxlogind::load::spent::process_watch own{{::getpid()}};
    const auto before = own.look();
    const nanoseconds started = own_cpu();
    while (own_cpu() - started < 50ms) {
    }
    const auto after = own.look();
    BOOST_TEST_REQUIRE(before.has_value());
    BOOST_TEST_REQUIRE(after.has_value());
    const auto between = difference(*before, *after);
    BOOST_TEST((between.cpu >= 50ms));
    BOOST_TEST((between.cpu <= own_cpu()));
    BOOST_TEST(between.resident_bytes > 1u << 20);
    BOOST_TEST(between.peak_resident_bytes >= between.resident_bytes / 2);
    BOOST_TEST(between.kernel_share() >= 0);
    BOOST_TEST(between.kernel_share() <= 1);
}

BOOST_AUTO_TEST_CASE(waits_are_voluntary_switches) {
    const wxlogind::load::spent::process_watch own{{::getpid()}};
    const auto before = own.look();
    // A sleep may be over before it has begun, so not each is a switch.
    for (int i = 0; i < 100; ++i) ::usleep(1000);
    const auto between = difference(before.value(), own.look().value());
    BOOST_TEST(between.voluntary_switches >= 50u);
}

BOOST_AUTO_TEST_CASE(a_process_that_has_gone_tells_nothing) {
    const wxlogind::load::spent::process_watch gone{{-5}};
    BOOST_TEST(!gone.look().has_value());
}

BOOST_AUTO_TEST_CASE(the_process_behind_a_listening_port_is_found) {
    const scripted_server server{[](std::string_view, std::size_t) { return scripted_server::deed{}; }};
    const auto found = wxlogind::load::spent::find_listeners(endpoint{server.address()}.port(), {});
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found.front() == ::getpid());
    BOOST_TEST(wxlogind::load::spent::find_listeners(1, {}).empty());
}

BOOST_AUTO_TEST_CASE(the_machine_has_at_least_the_time_that_we_spent) {
    const auto now = wxlogind::load::spent::look_at_machine();
    BOOST_TEST_REQUIRE(now.has_value());
    BOOST_TEST((now->whole > now->busy));
    BOOST_TEST((now->busy > 0ns));
    BOOST_TEST((now->own > 0ns));
}

BOOST_AUTO_TEST_CASE(the_total_of_straces_table_is_read) {
    using wxlogind::load::spent::total_of_strace_table;
    const std::string_view table = "% time     seconds  usecs/call     calls    errors syscall\n"
                                   "------ ----------- ----------- --------- --------- ----------------\n"
                                   " 60.00    0.000300           3       100           recvfrom\n"
                                   " 40.00    0.000200           2       100         7 sendto\n"
                                   "------ ----------- ----------- --------- --------- ----------------\n";
    BOOST_TEST(
        total_of_strace_table(
            std::string{table} + "100.00    0.000500           2       200         7 total\n")
            .value_or(0) == 200u);
    BOOST_TEST(
        total_of_strace_table(
            std::string{table} + "100.00    0.000500           2       200           total\n")
            .value_or(0) == 200u);
    BOOST_TEST(!total_of_strace_table(table).has_value());
    BOOST_TEST(!total_of_strace_table("strace: Operation not permitted\n").has_value());
}

BOOST_AUTO_TEST_CASE(lists_of_cpus_are_read) {
    BOOST_TEST((parse_cpu_list("0-2,5") == std::vector{0u, 1u, 2u, 5u}));
    BOOST_TEST(parse_cpu_list("").empty());
    for (const char* const wrong : {"x", "1-", "-1", "99999999"})
        BOOST_CHECK_THROW((void)parse_cpu_list(wrong), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

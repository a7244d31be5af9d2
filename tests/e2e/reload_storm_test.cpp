// Reload after reload while people log in: nobody notices, and nothing is left behind. A few in every run;
// WXLOGIND_TEST_RELOADS=1000 makes it as many as that.
#include "tests/support/campaign.hpp"
#include "tests/support/memory.hpp"
#include "tests/support/steady_load.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>

using namespace wxlogind::test;

namespace {

std::size_t descriptors_of(pid_t process) {
    const std::filesystem::path directory{"/proc/" + std::to_string(process) + "/fd"};
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator{directory}, std::filesystem::directory_iterator{}));
}

std::size_t resident_bytes_of(pid_t process) {
    std::ifstream statm{"/proc/" + std::to_string(process) + "/statm"};
    std::size_t total = 0;
    std::size_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Every part of the configuration changes, and now and then the file is broken.
void change(deployment_options& options, unsigned round) {
    options.two_apps = round % 2 == 0;
    options.server = "max_body_bytes = " + std::to_string(16384 + round % 7) + "\ntrusted_proxies = [" +
                     (round % 3 == 0 ? "\"127.0.0.1\"" : "") + "]\n";
    options.tokens = "access_ttl_s = " + std::to_string(3600 + round % 11) + "\n";
    options.wechat = "max_waiting = " + std::to_string(4096 - round % 5) + "\n";
    options.first_app = "default = true\nlogins_per_app = " + std::to_string(round % 2 * 500000) + "\n";
    options.sections = "[limits]\nrequests_per_user = " + std::to_string(100000 + round % 13) + "\n";
    if (round % 10 == 9) options.sections += "broken = true\n";
}

void reload_often(deployment& running, unsigned reloads) {
    for (unsigned round = 0; round < reloads; ++round) {
        running.configure([round](deployment_options& options) { change(options, round); });
        const bool is_good = text_of(running.reload(), "message") == "SIGHUP: reloaded";
        BOOST_TEST(is_good == (round % 10 != 9));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(reload_storm)

BOOST_AUTO_TEST_CASE(reloads_under_load_lose_no_request_and_leak_nothing) {
    const auto reloads = static_cast<unsigned>(from_environment("WXLOGIND_TEST_RELOADS", 40));
    deployment running;
    const pid_t process = running.wxlogind().pid();
    steady_load load{running};
    load.go_on_for(20);
    reload_often(running, 20); // whatever is made once is made
    const std::size_t descriptors = descriptors_of(process);
    const std::size_t memory = resident_bytes_of(process);
    reload_often(running, reloads);
    load.go_on_for(20);
    BOOST_TEST(load.trouble() == "");
    BOOST_TEST(load.failures() == 0u);
    BOOST_TEST_MESSAGE(
        "reloads: " << reloads << ", requests: " << load.requests() << ", KiB more: "
                    << (static_cast<long>(resident_bytes_of(process)) - static_cast<long>(memory)) / 1024);
    // Connections come and go meanwhile; what each reload left behind would be far more.
    BOOST_TEST(descriptors_of(process) <= descriptors + 16);
    if (memory_can_be_measured) BOOST_TEST(resident_bytes_of(process) < memory + (24u << 20));
}

BOOST_AUTO_TEST_SUITE_END()

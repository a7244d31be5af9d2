// Reload after reload while people log in: nobody notices, and nothing is left behind. A few in every run;
// WXLOGIND_TEST_RELOADS=1000 makes it as many as that.
#include "tests/support/campaign.hpp"
#include "tests/support/memory.hpp"
#include "tests/support/metrics_text.hpp"
#include "tests/support/steady_load.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

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

// Asks for an app's access token again and again, and notes the statuses that come.
class token_reader {
public:
    token_reader(const deployment& of, std::string_view appid)
        : address_{of.internal_address()},
          target_{"/wechat/access-token?appid=" + std::string{appid}},
          thread_{[this](const std::stop_token& end) {
              while (!end.stop_requested()) {
                  const unsigned status = http_get(address_, target_).status;
                  const std::lock_guard guard{lock_};
                  ++statuses_[status];
              }
          }} {}

    std::map<unsigned, unsigned> stop() {
        thread_.request_stop();
        thread_.join();
        return statuses_;
    }

private:
    const std::string address_;
    const std::string target_;
    std::mutex lock_;
    std::map<unsigned, unsigned> statuses_; // guarded by lock_ until stop()
    std::jthread thread_;
};

bool has_token_figures(const deployment& of, std::string_view appid) {
    const metrics_text shown{http_get(of.internal_address(), "/metrics").body};
    return shown.find("wxlogind_wechat_access_token_expires_seconds", "appid=\"" + std::string{appid} + "\"")
        .has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(reload_storm)

BOOST_AUTO_TEST_CASE(an_app_that_comes_and_goes_hurts_no_call_and_leaves_no_token_behind) {
    deployment_options options;
    options.two_apps = true;
    options.first_app = "default = true\n";
    deployment running{std::move(options)};
    token_reader first{running, first_appid};
    token_reader second{running, second_appid};
    for (unsigned round = 0; round < 20; ++round) {
        running.configure([round](deployment_options& next) { next.two_apps = round % 2 != 0; });
        BOOST_TEST(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    }
    const auto of_first = first.stop();
    BOOST_TEST((of_first.size() == 1 && of_first.contains(200)));
    for (const auto& [status, count] : second.stop())
        BOOST_TEST((status == 200 || status == 400), count << " times " << status);

    BOOST_TEST(
        http_get(running.internal_address(), "/wechat/access-token?appid=" + std::string{second_appid})
            .status == 200u);
    BOOST_TEST(has_token_figures(running, second_appid));
    running.configure([](deployment_options& next) { next.two_apps = false; });
    BOOST_TEST(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    for (int i = 0; i < 1000 && has_token_figures(running, second_appid); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    BOOST_TEST(!has_token_figures(running, second_appid));
    BOOST_TEST(has_token_figures(running, first_appid));
}

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

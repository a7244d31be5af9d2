// Reload after reload while people log in: nobody notices, and nothing is left behind. A few in every run;
// WXLOGIND_TEST_RELOADS=1000 makes it as many as that.
#include "tests/support/campaign.hpp"
#include "tests/support/memory.hpp"
#include "tests/support/metrics_text.hpp"
#include "tests/support/steady_load.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <stop_token>
#include <thread>

using namespace wxlogind::test;

namespace {

std::size_t descriptors_of(pid_t process) {
    const std::filesystem::path directory{"/proc/" + std::to_string(process) + "/fd"};
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator{directory}, std::filesystem::directory_iterator{}));
}

metrics_text metrics_of(const deployment& running) {
    return metrics_text{http_get(running.internal_address(), "/metrics").body};
}

// What it has allocated and not given back.
double heap_of(const deployment& running) {
    return metrics_of(running).value("wxlogind_heap_allocated_bytes");
}

// Once the connections to WeChat that the load has used are gone: each takes as much as many reloads may
// leave.
double heap_at_rest(const deployment& running) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (metrics_of(running).sum("wxlogind_wechat_connections") > 0)
        if (std::chrono::steady_clock::now() > limit)
            throw std::runtime_error{"connections to WeChat stay open"};
    return heap_of(running);
}

double resident_bytes_of(const deployment& running) {
    return metrics_of(running).value("process_resident_memory_bytes");
}

double reloads_of(const deployment& running, const std::string& result) {
    return metrics_of(running).value("wxlogind_config_reloads_total", "result=\"" + result + "\"");
}

// What a server remembers on purpose is little here, and full before anything is measured: login codes and
// their answers, pages of the database. Then all that grows is what is left behind.
constexpr auto little_storage = "cache_bytes = 262144\n";
constexpr auto little_wechat = "spent_codes = 1\nreplay_window_ms = 0\nidle_timeout_ms = 1000\n";

deployment_options with_little_memory() {
    deployment_options options;
    options.storage = little_storage;
    options.wechat = little_wechat;
    return options;
}

// Every part of the configuration changes, and now and then the file is broken.
void change(deployment_options& options, unsigned round) {
    options.two_apps = round % 2 == 0;
    options.server = "max_body_bytes = " + std::to_string(16384 + round % 7) + "\ntrusted_proxies = [" +
                     (round % 3 == 0 ? "\"127.0.0.1\"" : "") + "]\n";
    options.tokens = "access_ttl_s = " + std::to_string(3600 + round % 11) + "\n";
    options.wechat = little_wechat + std::string{"max_waiting = "} + std::to_string(4096 - round % 5) + "\n";
    options.first_app = "default = true\nlogins_per_app = " + std::to_string(round % 2 * 500000) + "\n";
    options.sections = "[limits]\nrequests_per_user = " + std::to_string(100000 + round % 13) + "\n";
    if (round % 10 == 9) options.sections += "broken = true\n";
}

void nothing_between() {}

// Asks the server's own count: a line that comes too often, as a refusal does here, is not written each time.
template <class Between = void (*)()>
void reload_often(deployment& running, unsigned reloads, Between between = &nothing_between) {
    for (unsigned round = 0; round < reloads; ++round) {
        running.configure([round](deployment_options& options) { change(options, round); });
        const std::string result = round % 10 == 9 ? "refused" : "taken_in";
        const double wanted = reloads_of(running, result) + 1;
        running.wxlogind().send_signal(SIGHUP);
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (reloads_of(running, result) != wanted)
            if (std::chrono::steady_clock::now() > limit)
                throw std::runtime_error{"reload " + std::to_string(round) + " was not " + result};
        between();
    }
}

// How many requests came meanwhile. None fails.
unsigned reload_under_load(deployment& running, unsigned reloads) {
    const steady_load load{running};
    load.go_on_for(20);
    reload_often(running, reloads, [&load] { load.go_on_for(1); });
    load.go_on_for(20);
    BOOST_TEST(load.trouble() == "");
    BOOST_TEST(load.failures() == 0u);
    return load.requests();
}

// What reloads may leave behind, in bytes: the heap to 2 KiB a reload at the least, and pages of the
// allocator.
constexpr double most_left_behind = 512 * 1024;
constexpr double most_resident = 8 << 20;
constexpr unsigned quiet_reloads = 200; // besides those under load: they are fast, and show small leaks

// Asks for an app's access token again and again, and notes the statuses that come.
class token_reader {
public:
    token_reader(const deployment& of, std::string_view appid)
        : address_{of.internal_address()},
          target_{"/wechat/access-token?appid=" + std::string{appid}},
          thread_{[this](const std::stop_token& end) { ask_until(end); }} {}

    std::map<unsigned, unsigned> stop() {
        thread_.request_stop();
        thread_.join();
        return statuses_;
    }

    // Why it has given up; "" when it has not. After stop().
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

private:
    void ask_until(const std::stop_token& end) noexcept {
        try {
            while (!end.stop_requested()) ++statuses_[http_get(address_, target_).status];
        } catch (const std::exception& why) {
            trouble_ = why.what();
        }
    }

    const std::string address_;
    const std::string target_;
    std::map<unsigned, unsigned> statuses_; // the thread's until stop()
    std::string trouble_;                   // likewise
    std::jthread thread_;
};

bool has_token_figures(const deployment& of, std::string_view appid) {
    return metrics_of(of)
        .find("wxlogind_wechat_access_token_expires_seconds", "appid=\"" + std::string{appid} + "\"")
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
    BOOST_TEST(first.trouble() == "");
    BOOST_TEST((of_first.size() == 1 && of_first.contains(200)));
    for (const auto& [status, count] : second.stop())
        BOOST_TEST((status == 200 || status == 400), count << " times " << status);
    BOOST_TEST(second.trouble() == "");

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
    deployment running{with_little_memory()};
    const pid_t process = running.wxlogind().pid();
    reload_under_load(running, 20); // whatever is made once is made
    const std::size_t descriptors = descriptors_of(process);
    const double memory = heap_at_rest(running);
    const double resident = resident_bytes_of(running);
    const unsigned requests = reload_under_load(running, reloads);
    reload_often(running, quiet_reloads);
    const double more = heap_at_rest(running) - memory;
    const double resident_more = resident_bytes_of(running) - resident;
    BOOST_TEST_MESSAGE(
        "reloads: " << reloads << " and " << quiet_reloads << ", requests: " << requests
                    << ", bytes more: " << more << ", resident: " << resident_more);
    BOOST_TEST(descriptors_of(process) <= descriptors + 16);
    if (!memory_can_be_measured) return;
    BOOST_TEST(more < most_left_behind);
    BOOST_TEST(resident_more < most_resident);
}

BOOST_AUTO_TEST_SUITE_END()

// Two instances behind HAProxy, restarted in turn while people log in: nobody notices.
// WXLOGIND_ROLLING_ROUNDS=20 makes it long.
#include "tests/balance/balancer.hpp"
#include "tests/support/deployment.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/running_server.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

// Each with a simulator of its own, which takes codes that nobody minted.
deployment_options instance() {
    deployment_options options;
    options.listen = "127.0.0.1:" + std::to_string(free_port());
    options.server = "trusted_proxies = [\"127.0.0.1\"]\ndrain_delay_ms = 1500\n";
    options.simulator = {"--load-codes"};
    return options;
}

// So many that none meets the limit that each user has, however fast the machine.
constexpr unsigned users = 100'000;

std::string load_code(unsigned number) {
    char text[33];
    std::snprintf(text, sizeof text, "0L%010u%020u", number % users, number);
    return text;
}

class load {
public:
    explicit load(const balancer& front) : front_{front} {
        for (int each = 0; each < 4; ++each) clients_.emplace_back([this, each] { log_in(each % 2 == 0); });
    }
    ~load() { stop(); }

    void stop() {
        is_over_ = true;
        clients_.clear();
    }
    [[nodiscard]] unsigned answered() const noexcept { return answered_; }
    [[nodiscard]] std::string failures() const {
        const std::lock_guard holding{lock_};
        return failures_;
    }

private:
    void log_in(bool keeps_connection) {
        std::unique_ptr<http_connection> client;
        while (!is_over_) {
            const std::string code = load_code(next_++);
            try {
                if (!client || !keeps_connection)
                    client = std::make_unique<http_connection>(front_.address());
                const http_reply reply = client->exchange(get_request("/login?code=" + code));
                if (reply.status == 200)
                    ++answered_;
                else
                    note(std::to_string(reply.status) + " " + reply.body);
                if (reply.status == 0 || reply.field("connection") == "close") client.reset();
            } catch (const std::runtime_error& e) {
                note(e.what());
                client.reset();
            }
        }
    }
    void note(const std::string& failure) {
        const std::lock_guard holding{lock_};
        if (failures_.size() < 4000) failures_ += failure + "\n";
    }

    const balancer& front_;
    std::atomic<bool> is_over_{false};
    std::atomic<unsigned> next_{0};
    std::atomic<unsigned> answered_{0};
    mutable std::mutex lock_;
    std::string failures_;
    std::vector<std::jthread> clients_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(rolling_restart)

BOOST_AUTO_TEST_CASE(two_instances_restart_in_turn_under_load_and_no_login_fails) {
    const char* const wanted = std::getenv("WXLOGIND_ROLLING_ROUNDS");
    const int rounds = wanted != nullptr ? std::stoi(wanted) : 2;

    deployment one{instance()};
    deployment two{instance()};
    const balancer front = balancer::haproxy(
        {{"server one 10.0.0.11:8080", "server one " + one.public_address()},
         {"server two 10.0.0.12:8080", "server two " + two.public_address()},
         {"inter 1s", "inter 100ms"}});
    const auto are_up = [&] { return front.servers_up() == "11"; };
    BOOST_TEST_REQUIRE(comes_true(are_up));

    load people{front};
    for (int round = 0; round < rounds; ++round) {
        for (deployment* each : {&one, &two}) {
            const unsigned before = people.answered();
            BOOST_TEST(each->stop_wxlogind() == 0);
            each->start_wxlogind();
            BOOST_TEST_REQUIRE(comes_true(are_up, 30s));
            BOOST_TEST(people.answered() > before);
        }
        BOOST_TEST_REQUIRE(people.failures() == "", "round " << round << ": " << people.failures());
    }
    people.stop();
    BOOST_TEST(people.failures() == "");
    BOOST_TEST_MESSAGE(people.answered() << " logins, " << 2 * rounds << " restarts");
}

BOOST_AUTO_TEST_SUITE_END()

// More than WeChat answers: who has to wait too long is told so at once, and token checks do not notice.
#include "tests/support/deployment.hpp"
#include "tests/support/held_thread.hpp"
#include "tests/support/metrics_text.hpp"
#include "tests/support/running_server.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

deployment_options narrow() {
    deployment_options options;
    options.threads = 1;
    options.wechat = "max_connections = 4\ntimeout_ms = 60000\nfirst_byte_timeout_ms = 60000\n"
                     "breaker_failures = 1000000\n";
    return options;
}

// Logins that nobody waits for: as many as a balancer would send on.
class crowd {
public:
    void come(deployment& to, std::size_t logins) {
        for (std::size_t i = 0; i < logins; ++i) {
            http_connection& on = connections_.emplace_back(to.public_address());
            on.send(
                get_request("/login?code=" + to.mint_code("crowd" + std::to_string(connections_.size()))));
        }
    }
    [[nodiscard]] std::vector<http_connection>& connections() { return connections_; }

private:
    std::vector<http_connection> connections_;
};

// Keeps the public listener's event loop at work from construction to destruction: on each of its connections
// the next requests are there before the last are answered.
class busy_clients {
public:
    explicit busy_clients(const deployment& with) {
        for (int i = 0; i < 2; ++i)
            threads_.emplace_back([&with](const std::stop_token& end) { ask_on(with, end); });
    }

private:
    static constexpr int at_once = 50;

    static void ask_on(const deployment& with, const std::stop_token& end) {
        std::string many;
        for (int i = 0; i < at_once; ++i) many += get_request("/me");
        std::vector<http_connection> connections;
        for (int i = 0; i < 64; ++i) connections.emplace_back(with.public_address()).send(many);
        while (!end.stop_requested())
            for (http_connection& each : connections) {
                each.send(many);
                for (int i = 0; i < at_once; ++i) (void)each.receive();
            }
    }

    std::vector<std::jthread> threads_;
};

// Until one is refused.
bool comes_to_refuse(const deployment& running) {
    return comes_true(
        [&] {
            http_connection one{running.public_address(), 200ms};
            one.send(get_request("/login?code=" + running.mint_code("bob")));
            try {
                return one.receive().status == 503u;
            } catch (const std::exception&) {
                return false; // it waits with the others
            }
        },
        20s);
}

} // namespace

BOOST_AUTO_TEST_SUITE(overload)

BOOST_AUTO_TEST_CASE(while_wechat_hangs_logins_are_refused_at_once_and_tokens_are_checked) {
    deployment running{narrow()};
    const http_reply before = running.log_in(running.mint_code("alice"));
    BOOST_TEST_REQUIRE(before.status == 200u);
    const std::string bearer = "Authorization: Bearer " + text_of(json_of(before), "token") + "\r\n";

    running.inject(R"({"kind":"hang"})");
    crowd waiting;
    waiting.come(running, 100);
    http_reply refused;
    const bool is_refused = comes_true(
        [&] {
            http_connection one{running.public_address(), 200ms};
            one.send(get_request("/login?code=" + running.mint_code("bob")));
            try {
                refused = one.receive();
            } catch (const std::exception&) {
                return false; // it waits with the others
            }
            return refused.status == 503u;
        },
        20s);
    BOOST_TEST_REQUIRE(is_refused);
    BOOST_TEST(text_of(json_of(refused), "code") == "overloaded");
    BOOST_TEST(text_of(json_of(refused), "retry") == "later");
    BOOST_TEST(!refused.field("retry-after").empty());
    BOOST_TEST(refused.field("connection").empty()); // it is kept
    const metrics_text seen{http_get(running.internal_address(), "/metrics").body};
    BOOST_TEST(seen.value("wxlogind_admission_refused_total", R"(lane="logins")") >= 1.0);
    BOOST_TEST(seen.value("wxlogind_admission_refused_total", R"(lane="refreshes")") == 0.0);

    for (int i = 0; i < 20; ++i)
        BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 200u);
    BOOST_TEST(http_get(running.public_address(), "/me", bearer).status == 200u);

    const auto is_told = [&] {
        return running.wxlogind().output().find("overloaded: more arrives than can be served") !=
               std::string::npos;
    };
    BOOST_TEST(comes_true(is_told));
    // One line, not one for each.
    BOOST_TEST(running.wxlogind().output().find("problem\":\"overloaded") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(without_processor_time_refusals_are_told_later_and_everybody_is_told) {
    auto options = narrow();
    options.server = "max_requests_per_connection = 1000000\n";
    deployment running{options};
    running.inject(R"({"kind":"hang"})");
    crowd waiting;
    waiting.come(running, 100);
    BOOST_TEST_REQUIRE(comes_to_refuse(running));

    crowd refused;
    {
        const busy_clients others{running};
        const bool is_held = comes_true([&] {
            refused.come(running, 10);
            const metrics_text seen{http_get(running.internal_address(), "/metrics").body};
            return seen.value("wxlogind_admission_held_total") >= 1;
        });
        BOOST_TEST(is_held);
    }
    for (http_connection& each : refused.connections()) {
        const http_reply told = each.receive();
        BOOST_TEST(told.status == 503u);
        BOOST_TEST(text_of(json_of(told), "code") == "overloaded");
        BOOST_TEST(told.field("connection").empty());
    }
    const auto nobody_is_held = [&] {
        const metrics_text seen{http_get(running.internal_address(), "/metrics").body};
        return seen.find("wxlogind_admission_held") == 0.0;
    };
    BOOST_TEST(comes_true(nobody_is_held));
}

BOOST_AUTO_TEST_CASE(the_bounds_of_waiting_change_with_a_reload) {
    auto options = narrow();
    options.server =
        "max_requests_per_connection = 1000000\nmax_queue_time_ms = 0\nmax_refusal_delay_ms = 0\n";
    deployment running{options};
    running.inject(R"({"kind":"hang"})");
    const auto seen = [&](const std::string& name, const std::string& labels = {}) {
        return metrics_text{http_get(running.internal_address(), "/metrics").body}.value(name, labels);
    };
    const auto reload_with = [&](const std::string& lines) {
        running.configure([&](deployment_options& next) {
            next.server = "max_requests_per_connection = 1000000\n" + lines;
        });
        BOOST_TEST_REQUIRE(text_of(running.reload(), "message") == "SIGHUP: reloaded");
    };
    crowd waiting;
    waiting.come(running, 100);
    const bool all_wait =
        comes_true([&] { return seen("wxlogind_wechat_waiting_calls", R"(listener="public")") == 100 - 4; });
    BOOST_TEST(all_wait);
    BOOST_TEST(seen("wxlogind_admission_refused_total", R"(lane="logins")") == 0.0);

    reload_with("max_queue_time_ms = 5\nmax_refusal_delay_ms = 0\n");
    BOOST_TEST_REQUIRE(comes_to_refuse(running));
    BOOST_TEST(seen("wxlogind_admission_held_total") == 0.0);

    reload_with("max_queue_time_ms = 5\nmax_refusal_delay_ms = 5000\n");
    crowd held;
    const busy_clients others{running};
    const bool is_held = comes_true([&] {
        held.come(running, 10);
        return seen("wxlogind_admission_held_total") >= 1;
    });
    BOOST_TEST(is_held);
}

BOOST_AUTO_TEST_CASE(token_checks_and_health_checks_stand_in_no_line_with_logins) {
    deployment running{narrow()};
    const http_reply before = running.log_in(running.mint_code("alice"));
    BOOST_TEST_REQUIRE(before.status == 200u);
    const std::string bearer = "Authorization: Bearer " + text_of(json_of(before), "token") + "\r\n";

    http_connection login{running.public_address()};
    {
        // As busy as a loop can be: it comes to nothing else.
        const held_thread busy{running.wxlogind().pid(), "reactor-0"};
        login.send(get_request("/login?code=" + running.mint_code("bob")));
        for (int i = 0; i < 20; ++i)
            BOOST_TEST(http_get(running.internal_address(), "/verify", bearer).status == 200u);
        BOOST_TEST(http_get(running.internal_address(), "/readyz").status == 200u);
    }
    BOOST_TEST(login.receive().status == 200u);
}

BOOST_AUTO_TEST_CASE(when_it_answers_again_everybody_is_served) {
    auto options = narrow();
    options.wechat = "max_connections = 4\nfirst_byte_timeout_ms = 500\nbreaker_pause_ms = 200\n";
    deployment running{options};
    running.inject(R"({"kind":"hang"})");
    crowd waiting;
    waiting.come(running, 100);
    running.clear_faults();
    const bool is_served =
        comes_true([&] { return running.log_in(running.mint_code("alice")).status == 200u; }, 10s);
    BOOST_TEST(is_served);
}

BOOST_AUTO_TEST_SUITE_END()

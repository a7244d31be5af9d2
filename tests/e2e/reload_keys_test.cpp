// Each key that a SIGHUP takes in: what a client sees before and after.
#include "core/base/config_keys.hpp"
#include "tests/e2e/reloaded_keys.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <set>
#include <thread>
#include <vector>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

// Keys whose effect other tests show.
const std::set<std::string> shown_elsewhere{
    "server.require_service_keys", // e2e.reload
    "server.trusted_proxies",
    "server.max_requests_per_connection",
    "server.max_body_bytes",
    "limits.logins_per_address",
    "server.max_queue_time_ms", // e2e.overload
    "server.max_refusal_delay_ms",
    "service_keys.name", // and its hash
    "service_keys.hash",
    "log.level",
    "server.tls_certificate_file", // e2e.tls
    "server.tls_key_file",
    "apps.appid", // e2e.apps
    "apps.secret",
    "apps.next_secret",
    "apps.api_key_file", // e2e.signed_calls
    "apps.api_key_number",
    "apps.api_private_key_file",
    "apps.api_private_key_number",
    "apps.api_certificate_file",
    "apps.api_certificate_number",
    "wechat.send_traceparent",   // e2e.tracing
    "wechat.connect_timeout_ms", // e2e.reload, with the others; loopback answers at once
    "audit.retention_days",      // server.audit_keeping: what is too old goes within the hour
};

// Below, as they need another way to be seen.
const std::set<std::string> shown_below{
    "server.drain_delay_ms", "server.drain_timeout_ms", "log.format", "service_keys.hash_file"};

// The names of those that are taken in at a reload.
struct reloadable_names {
    std::string section;
    std::set<std::string>& into;

    void add(wxlogind::config_key key) {
        if (key.when == wxlogind::taken_in::at_reload) into.insert(section + "." + std::string{key.name});
    }
    void text(wxlogind::config_key key, auto&&...) { add(key); }
    void path(wxlogind::config_key key, auto&&...) { add(key); }
    void list(wxlogind::config_key key, auto&&...) { add(key); }
    void flag(wxlogind::config_key key, auto&&...) { add(key); }
    void number(wxlogind::config_key key, auto&&...) { add(key); }
    void duration(wxlogind::config_key key, auto&&...) { add(key); }
    template <class Enum>
    void choice(wxlogind::config_key key, Enum&, std::initializer_list<std::pair<std::string_view, Enum>>) {
        add(key);
    }
    void app_secret(wxlogind::config_key key, auto&&...) { add(key); }
    void secret_file(wxlogind::config_key key, auto&&...) { add(key); }
    void open_file(wxlogind::config_key key, auto&&...) { add(key); }
};

std::set<std::string> all_reloadable() {
    std::set<std::string> names;
    wxlogind::config whole;
    wxlogind::list_sections(whole, [&](std::string_view section, auto& settings) {
        reloadable_names keys{std::string{section}, names};
        wxlogind::list_keys(keys, settings);
    });
    wxlogind::app_settings app;
    reloadable_names of_apps{"apps", names};
    wxlogind::list_keys(of_apps, app);
    wxlogind::service_key_settings service_key;
    reloadable_names of_service_keys{"service_keys", names};
    wxlogind::list_keys(of_service_keys, service_key);
    return names;
}

void reload_well(deployment& of) {
    const auto said = of.reload();
    BOOST_TEST_REQUIRE(text_of(said, "message") == "SIGHUP: reloaded", boost::json::serialize(said));
}

struct seen {
    std::string before;
    std::string reload;
    std::string after;
    std::string trouble; // why there is no more
};

// Where times of WeChat's are not what is looked at, they are no matter on a slow machine either.
void be_patient_with_wechat(deployment_options& options) {
    if (options.wechat.find("timeout_ms") != std::string::npos) return;
    options.wechat += "timeout_ms = 60000\nconnect_timeout_ms = 20000\ntls_timeout_ms = 20000\n"
                      "first_byte_timeout_ms = 20000\n";
}

seen look_at(const reloaded_key& key) {
    seen it;
    try {
        deployment_options options;
        key.before(options);
        be_patient_with_wechat(options);
        session_deployment running{options};
        it.before = key.sees(running);
        running.configure([&key](deployment_options& then) {
            key.after(then);
            be_patient_with_wechat(then);
        });
        it.reload = text_of(running.reload(), "message");
        it.after = key.sees(running);
    } catch (const std::exception& why) {
        it.trouble = why.what();
    }
    return it;
}

// Most of them wait to see that nothing happens: so eight at a time, each with programs of its own.
std::vector<seen> look_side_by_side(const std::vector<reloaded_key>& keys) {
    std::vector<seen> all(keys.size());
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            for (std::size_t at = next++; at < keys.size(); at = next++) all[at] = look_at(keys[at]);
        });
    threads.clear(); // joins
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reload_keys)

BOOST_AUTO_TEST_CASE(every_key_that_a_reload_takes_in_is_in_the_table_or_shown_elsewhere) {
    std::set<std::string> shown{shown_elsewhere};
    shown.insert(shown_below.begin(), shown_below.end());
    for (const reloaded_key& each : reloaded_keys())
        BOOST_TEST(shown.insert(std::string{each.name}).second, each.name << " is there twice");
    const auto names = all_reloadable();
    for (const std::string& each : names) BOOST_TEST(shown.contains(each), each << " is not shown");
    for (const std::string& each : shown)
        BOOST_TEST(names.contains(each), each << " is no key that a reload takes in");
}

BOOST_AUTO_TEST_CASE(clients_see_the_new_value_after_a_sighup) {
    const auto& keys = reloaded_keys();
    const auto all = look_side_by_side(keys);
    for (std::size_t i = 0; i < keys.size(); ++i) BOOST_TEST_CONTEXT(keys[i].name) {
            BOOST_TEST(all[i].trouble == "");
            BOOST_TEST(all[i].before == keys[i].was);
            BOOST_TEST(all[i].reload == "SIGHUP: reloaded");
            BOOST_TEST(all[i].after == keys[i].is);
        }
}

BOOST_AUTO_TEST_CASE(the_delay_before_a_drain_counts_from_the_next_sigterm_on) {
    deployment_options options;
    options.server = "drain_delay_ms = 300000\n";
    deployment running{options};
    running.configure([](deployment_options& options) { options.server = "drain_delay_ms = 0\n"; });
    reload_well(running);
    BOOST_TEST(running.stop_wxlogind() == 0);
}

BOOST_AUTO_TEST_CASE(the_time_for_a_drain_counts_from_the_next_sigterm_on) {
    deployment_options options;
    options.server = "drain_timeout_ms = 300000\nbody_timeout_ms = 300000\n";
    deployment running{options};
    running.configure([](deployment_options& options) {
        options.server = "drain_timeout_ms = 100\nbody_timeout_ms = 300000\n";
    });
    reload_well(running);
    http_connection slow{running.public_address()};
    slow.send(half_a_login);
    BOOST_TEST(running.stop_wxlogind() == 0);
}

BOOST_AUTO_TEST_CASE(the_format_of_the_log_changes) {
    deployment running;
    running.configure([](deployment_options& options) { options.log = "format = \"logfmt\"\n"; });
    running.wxlogind().send_signal(SIGHUP);
    running.wxlogind().wait_for_line([&](std::string_view line) {
        if (http_get(running.public_address(), "/healthz").status != 200) return false;
        return line.find(" message=request ") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(the_file_of_a_service_keys_hash_is_read_again) {
    deployment running;
    const made_service_key made = make_service_key("orders", "users:read");
    const auto users = [&] {
        return http_get(running.internal_address(), "/users", with_service_key(made.key)).status;
    };
    const auto reload_with = [&](std::string_view hash) {
        running.write_file("orders.hash", hash);
        running.configure([&](deployment_options& options) {
            options.server = "require_service_keys = true\n";
            options.sections = "[[service_keys]]\nname = \"orders\"\nhash_file = \"orders.hash\"\n"
                               "scopes = [\"users:read\"]\n";
        });
        reload_well(running);
    };
    reload_with(std::string(62, '0') + "aa");
    BOOST_TEST(users() == 401u);
    reload_with(made.hash);
    BOOST_TEST(users() == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

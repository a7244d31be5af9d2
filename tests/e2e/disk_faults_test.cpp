// A disk that fails under a whole server: nothing is promised that is not kept, what needs no disk goes on,
// and nobody has to restart anything.
#include "core/server/server.hpp"
#include "tests/support/faulty_vfs.hpp"
#include "tests/support/simulated_wechat.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <memory>
#include <thread>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

// In this process, because the fault is in SQLite's file layer; everything else is as it is shipped.
struct server_on_a_faulty_disk {
    server_on_a_faulty_disk() { start(); }

    void start() {
        config settings;
        settings.server.listen = "127.0.0.1:0";
        settings.server.internal_listen = "127.0.0.1:0";
        settings.server.threads = 2;
        settings.wechat.base_url = wechat.base_url();
        settings.wechat.ca_file = wechat.ca_file();
        wxlogind::app_settings& app = settings.apps.emplace_back();
        app.appid = first_appid;
        app.secret = wxlogind::secret{first_secret};
        settings.storage.url = "sqlite:" + files.file("wxlogind.db") + "?vfs=faulty";
        settings.tokens.keys_file = files.file("keys.toml");
        running = std::make_unique<server>(settings, clock);
        running->start();
    }

    http_reply log_in(const std::string& user) {
        return http_get(running->public_address(), "/login?code=" + wechat.mint_code(user));
    }
    unsigned readiness() { return http_get(running->public_address(), "/readyz").status; }
    unsigned verification(const std::string& token) {
        return http_get(running->internal_address(), "/verify", "Authorization: Bearer " + token + "\r\n")
            .status;
    }
    template <class Condition>
    void wait_until(Condition holds) {
        const auto limit = std::chrono::steady_clock::now() + 15s;
        while (!holds()) {
            BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit));
            std::this_thread::sleep_for(10ms);
        }
    }

    temporary_directory files;
    simulated_wechat wechat;
    system_wall_clock clock;
    faulty_vfs disk{"faulty"};
    std::unique_ptr<server> running;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(disk_faults, server_on_a_faulty_disk)

BOOST_AUTO_TEST_CASE(while_the_disk_takes_no_writes_tokens_are_checked_and_it_recovers_by_itself) {
    const auto before = json_of(log_in("alice"));
    for (const fault_kind how : {fault_kind::io_error, fault_kind::disk_full})
        for (const file_operation what : {file_operation::write, file_operation::sync}) {
            disk.fail_nth(what, 1, how, true);
            const http_reply refused = log_in("bob");
            BOOST_TEST(refused.status == 503u);
            BOOST_TEST(text_of(json_of(refused), "code") == "storage_unavailable");
            BOOST_TEST(text_of(json_of(refused), "retry") == "later");
            BOOST_TEST(!refused.field("retry-after").empty());
            wait_until([&] { return readiness() == 503; });
            BOOST_TEST(verification(text_of(before, "token")) == 200u);
            BOOST_TEST(http_get(running->public_address(), "/healthz").status == 200u);

            disk.heal();
            wait_until([&] { return readiness() == 200; });
            const auto after = json_of(log_in("alice"));
            BOOST_TEST(text_of(after, "id") == text_of(before, "id"));
        }
    BOOST_TEST(log_in("bob").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_code_is_not_spent_while_the_database_is_known_to_be_down) {
    disk.fail_nth(file_operation::write, 1, fault_kind::disk_full, true);
    BOOST_TEST(log_in("alice").status == 503u);
    const std::string code = wechat.mint_code("alice");
    BOOST_TEST(http_get(running->public_address(), "/login?code=" + code).status == 503u);
    BOOST_TEST(wechat.exchanges_of(code) == 0u);
    disk.heal();
    wait_until([&] { return readiness() == 200; });
    BOOST_TEST(http_get(running->public_address(), "/login?code=" + code).status == 200u);
}

BOOST_AUTO_TEST_CASE(whichever_single_operation_fails_every_answered_login_is_kept) {
    std::map<std::string, std::string> promised;
    const auto try_login = [&](const std::string& user) {
        const http_reply reply = log_in(user);
        BOOST_TEST((reply.status == 200 || reply.status == 503));
        if (reply.status == 200) promised.emplace(user, text_of(json_of(reply), "id"));
        return reply.status;
    };
    int round = 0;
    for (const fault_kind how : {fault_kind::io_error, fault_kind::disk_full})
        for (const file_operation what : {file_operation::open, file_operation::write, file_operation::sync})
            for (unsigned n = 1; n <= 8; ++n) {
                const std::string user = "user" + std::to_string(round++);
                disk.fail_nth(what, n, how, false);
                for (int attempt = 0; attempt < 3; ++attempt) try_login(user + "-" + std::to_string(attempt));
                disk.heal();
                wait_until([&] { return readiness() == 200; });
                BOOST_TEST(try_login(user) == 200u);
            }

    running.reset();
    start();
    for (const auto& [user, id] : promised) {
        const auto login = json_of(log_in(user));
        BOOST_TEST(text_of(login, "id") == id);
        BOOST_TEST(!login.at("is_new").as_bool());
    }
}

BOOST_AUTO_TEST_SUITE_END()

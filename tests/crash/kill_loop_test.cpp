// kill -9 at random moments under load: no login that was answered is lost. WXLOGIND_KILL_ROUNDS and
// WXLOGIND_KILL_SEED make it a campaign.
#include "tests/support/campaign.hpp"
#include "tests/support/deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

using namespace wxlogind::test;
using namespace std::chrono_literals;

namespace {

constexpr int client_count = 8;
constexpr int user_count = 40;

// What clients were told: the oracle.
class ledger {
public:
    void note(const std::string& user, const boost::json::object& login) {
        const std::lock_guard hold{lock_};
        const auto [entry, is_first] = ids_.emplace(user, text_of(login, "id"));
        if (entry->second != text_of(login, "id")) wrong_.push_back(user + " got a second id");
        if (login.at("is_new").as_bool() && !made_.emplace(user, true).second)
            wrong_.push_back(user + " was new twice");
        last_tokens_[user] = text_of(login, "token");
        ++logins_;
    }
    [[nodiscard]] std::map<std::string, std::string> ids() const { return ids_; }
    [[nodiscard]] std::map<std::string, std::string> last_tokens() const { return last_tokens_; }
    [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }
    [[nodiscard]] std::size_t logins() const {
        const std::lock_guard hold{lock_};
        return logins_;
    }

private:
    mutable std::mutex lock_;
    std::map<std::string, std::string> ids_;
    std::map<std::string, bool> made_;
    std::map<std::string, std::string> last_tokens_;
    std::vector<std::string> wrong_;
    std::size_t logins_{0};
};

void keep_logging_in(const deployment& to, ledger& told, std::atomic<bool>& is_over, unsigned long seed) {
    std::mt19937_64 dice{seed};
    while (!is_over.load()) {
        const std::string user = "user" + std::to_string(dice() % user_count);
        try {
            const http_reply reply = to.log_in(to.mint_code(user), "&nickName=" + user);
            if (reply.status == 200) told.note(user, json_of(reply));
        } catch (const std::runtime_error&) {
            continue; // killed while we asked: nothing was promised
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kill_loop)

BOOST_AUTO_TEST_CASE(no_answered_login_is_lost_whenever_the_process_is_killed) {
    const auto rounds = from_environment("WXLOGIND_KILL_ROUNDS", 50);
    const auto seed = from_environment("WXLOGIND_KILL_SEED", 1);
    std::mt19937_64 dice{seed};
    deployment running;
    ledger told;
    std::chrono::milliseconds slowest_start{0};

    for (unsigned long round = 0; round < rounds; ++round) {
        std::atomic<bool> is_over{false};
        {
            std::vector<std::jthread> clients;
            for (int i = 0; i < client_count; ++i)
                clients.emplace_back([&, mine = dice()] { keep_logging_in(running, told, is_over, mine); });
            // In one round of four the server may be at its start; in the others it serves, however slow the
            // machine is.
            const std::size_t wanted = dice() % 4 == 0 ? 0 : told.logins() + 2;
            for (int i = 0; i < 30'000 && told.logins() < wanted; ++i) std::this_thread::sleep_for(1ms);
            std::this_thread::sleep_for(std::chrono::milliseconds{dice() % 60});
            running.kill_wxlogind();
            is_over = true;
        }
        const auto before = std::chrono::steady_clock::now();
        running.start_wxlogind();
        slowest_start = std::max(
            slowest_start,
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - before));

        BOOST_TEST_CONTEXT("seed " << seed << ", round " << round) {
            for (const auto& [user, token] : told.last_tokens()) {
                const http_reply me =
                    http_get(running.public_address(), "/me", "Authorization: Bearer " + token + "\r\n");
                BOOST_TEST_REQUIRE(me.status == 200u);
                BOOST_TEST(text_of(json_of(me), "id") == told.ids().at(user));
                BOOST_TEST(text_of(json_of(me), "nickName") == user);
            }
        }
    }
    for (const std::string& each : told.wrong()) BOOST_ERROR(each);
    BOOST_TEST(told.logins() > rounds);
    BOOST_TEST_MESSAGE(told.logins() << " answered logins, slowest start " << slowest_start.count() << " ms");

    BOOST_TEST(running.stop_wxlogind() == 0);
    child_process checked{
        {"sqlite3", running.database(),
         "PRAGMA integrity_check; SELECT count(*) FROM (SELECT app, openid FROM "
         "identity GROUP BY app, openid HAVING count(*) > 1);"},
        running.file("integrity.txt")};
    BOOST_TEST(checked.wait() == 0);
    BOOST_TEST(checked.output() == "ok\n0\n");
}

BOOST_AUTO_TEST_SUITE_END()

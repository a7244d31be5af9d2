// kill -9 at random moments while sessions are refreshed and ended: whoever keeps to the rules keeps his
// session, and whoever was told that he is out is out. WXLOGIND_KILL_ROUNDS and WXLOGIND_KILL_SEED make it a
// campaign.
#include "tests/support/campaign.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <random>
#include <thread>

using namespace wxlogind::test;

namespace {

constexpr unsigned phone_count = 8;

// One user's phone. It shows the refresh token that it has until it gets another, and logs out now and then.
class phone {
public:
    phone(const session_deployment& with, unsigned number, unsigned long seed)
        : with_{with}, user_{"user" + std::to_string(number)}, dice_{seed} {}

    // Until the server is gone.
    void live(const std::atomic<bool>& is_over) {
        try {
            while (!is_over.load()) act();
        } catch (const std::runtime_error&) {
            return; // killed in the middle of a request: nothing was promised
        }
    }

    // The server is there again.
    void check() {
        for (const auto& each : ended_) {
            BOOST_TEST(with_.verify(each).status == 401u);
            BOOST_TEST(with_.refresh(each).status == 401u);
        }
        ended_.clear();
        // Told nothing, the phone may be out or not; if it is, so are all its tokens.
        if (is_leaving_ && with_.verify(pair_).status == 401u) {
            BOOST_TEST(with_.refresh(pair_).status == 401u);
            pair_.clear();
        }
        is_leaving_ = false;
        if (pair_.empty()) return;
        const http_reply next = with_.refresh(pair_);
        BOOST_TEST_REQUIRE(next.status == 200u);
        pair_ = json_of(next);
        BOOST_TEST(with_.verify(pair_).status == 200u);
    }

    [[nodiscard]] unsigned refreshed() const { return refreshed_; }
    [[nodiscard]] unsigned logged_out() const { return logged_out_; }
    [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }

private:
    void act() {
        if (pair_.empty()) {
            const http_reply login = with_.log_in(with_.mint_code(user_));
            if (login.status == 200) pair_ = json_of(login);
        } else if (dice_() % 8 == 0) {
            leave();
        } else {
            const http_reply next = with_.refresh(pair_);
            if (next.status == 401) wrong_.push_back(user_ + ": a good refresh token was refused");
            if (next.status != 200) return; // 0: the answer did not come; 503: later
            pair_ = json_of(next);
            ++refreshed_;
        }
    }

    void leave() {
        is_leaving_ = true;
        const http_reply done = with_.log_out(pair_, dice_() % 2 == 0 ? "" : R"({"all":true})");
        if (done.status == 401) wrong_.push_back(user_ + ": a good token was refused");
        if (done.status != 204) return;
        ended_.push_back(std::exchange(pair_, {}));
        is_leaving_ = false;
        ++logged_out_;
    }

    const session_deployment& with_;
    const std::string user_;
    std::mt19937_64 dice_;
    boost::json::object pair_; // empty: logged out
    bool is_leaving_{false};   // asked to be logged out, and was not answered
    std::vector<boost::json::object> ended_;
    unsigned refreshed_{0};
    unsigned logged_out_{0};
    std::vector<std::string> wrong_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(session_kill_loop)

BOOST_AUTO_TEST_CASE(no_session_is_lost_and_none_comes_back_whenever_the_process_is_killed) {
    const auto rounds = from_environment("WXLOGIND_KILL_ROUNDS", 40);
    const auto seed = from_environment("WXLOGIND_KILL_SEED", 1);
    std::mt19937_64 dice{seed};
    session_deployment running;
    std::vector<std::unique_ptr<phone>> phones;
    for (unsigned number = 0; number < phone_count; ++number)
        phones.push_back(std::make_unique<phone>(running, number, dice()));

    for (unsigned long round = 0; round < rounds; ++round) {
        std::atomic<bool> is_over{false};
        {
            std::vector<std::jthread> hands;
            for (auto& each : phones) hands.emplace_back([&] { each->live(is_over); });
            std::this_thread::sleep_for(std::chrono::milliseconds{dice() % 80});
            running.kill_wxlogind();
            is_over = true;
        }
        running.start_wxlogind();
        BOOST_TEST_CONTEXT("seed " << seed << ", round " << round) {
            for (auto& each : phones) each->check();
        }
    }
    unsigned refreshed = 0;
    unsigned logged_out = 0;
    for (const auto& each : phones) {
        for (const std::string& what : each->wrong()) BOOST_ERROR(what);
        refreshed += each->refreshed();
        logged_out += each->logged_out();
    }
    BOOST_TEST(refreshed > rounds);
    BOOST_TEST(logged_out > rounds / 4);
    BOOST_TEST_MESSAGE(refreshed << " answered refreshes, " << logged_out << " answered logouts");
    BOOST_TEST(running.wxlogind().output().find("used twice") == std::string::npos);
    BOOST_TEST(running.stop_wxlogind() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

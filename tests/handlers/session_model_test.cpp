// Random sequences of everything that happens to sessions, compared step by step with a small model.
// WXLOGIND_MODEL_SEED and WXLOGIND_MODEL_STEPS make it a campaign.
#include "tests/handlers/session_model.hpp"
#include "tests/support/campaign.hpp"
#include "tests/support/session_services.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr unsigned user_count = 4;
constexpr unsigned all_users = 2 * user_count; // of two apps
constexpr std::uint32_t most_in_second = 2;
constexpr handlers::token_lifetimes lifetimes{.access = 2h, .refresh = 24h, .session = 72h, .grace = 30s};

// The product and the model, side by side.
class both {
public:
    explicit both(unsigned long seed) : dice_{seed}, users_(user_count) {}

    void step() {
        const unsigned choice = roll(100);
        if (choice < 18)
            log_in();
        else if (choice < 50)
            refresh();
        else if (choice < 58)
            log_out();
        else if (choice < 61)
            ban();
        else if (choice < 66)
            unban();
        else if (choice < 67)
            erase();
        else if (choice < 69)
            rotate_keys();
        else if (choice < 71)
            restart();
        else if (choice < 74)
            sweep();
        else
            move_clock();
        for (int look = 0; look < 3; ++look) check_one();
    }

    void check_all() {
        for (const model_session& each : model_.sessions)
            for (const model_token& token : each.access) check(token);
    }

    [[nodiscard]] unsigned thefts() const { return model_.thefts; }
    [[nodiscard]] unsigned rotations() const { return rotations_; }
    [[nodiscard]] unsigned repetitions() const { return repetitions_; }
    [[nodiscard]] const storage::store_counters& counters() const { return real_.counters(); }

private:
    unsigned roll(std::size_t sides) { return static_cast<unsigned>(dice_() % sides); }
    unix_millis now() const { return real_.clock.now(); }

    // One of the last few, mostly.
    model_session* any_session() {
        const std::size_t count = model_.sessions.size();
        if (count == 0) return nullptr;
        const std::size_t reach = roll(4) == 0 ? count : std::min<std::size_t>(count, 10);
        return &model_.sessions[count - 1 - roll(reach)];
    }
    // The last, mostly, or an earlier one.
    const model_token& any_of(const std::vector<model_token>& tokens) {
        const std::size_t back = std::min<std::size_t>(roll(10) < 6 ? 0 : roll(4), tokens.size() - 1);
        return tokens[tokens.size() - 1 - back];
    }

    void keep(const session_services::tokens& pair, std::size_t number) {
        model_session& session = model_.sessions[number];
        const auto issued = std::chrono::floor<std::chrono::seconds>(now());
        session.access.push_back(
            {.text = pair.access,
             .session = number,
             .key = model_.signing_key,
             .issued = issued,
             .expires = std::min(
                 issued + lifetimes.access, std::chrono::floor<std::chrono::seconds>(session.expires))});
        session.refresh.push_back(
            {.text = pair.refresh,
             .session = number,
             .generation = session.generation,
             .key = model_.signing_key,
             .issued = issued,
             .expires = std::chrono::floor<std::chrono::seconds>(session.expires)});
    }

    void log_in() {
        const unsigned user = roll(user_count);
        const bool is_second = roll(3) == 0;
        const auto pair = real_.log_in("user" + std::to_string(user), is_second ? second_appid : first_appid);
        // The same openid is somebody else in another app.
        const unsigned who = is_second ? user_count + user : user;
        BOOST_TEST_REQUIRE(pair.has_value() == model_.may_log_in(who));
        if (!pair) return;
        BOOST_TEST((!users_of(who) || *users_of(who) == pair->user));
        for (const user_id& gone : erased_) BOOST_TEST((gone != pair->user));
        users_of(who) = pair->user;
        model_.log_in(who, is_second ? most_in_second : 0, now());
        keep(*pair, model_.sessions.size() - 1);
    }
    std::optional<user_id>& users_of(unsigned who) {
        users_.resize(all_users);
        return users_[who];
    }

    void refresh() {
        const model_session* const session = any_session();
        if (session == nullptr) return;
        const model_token shown = any_of(session->refresh);
        const auto number = static_cast<std::size_t>(session - model_.sessions.data());
        const auto answer = real_.refresh(shown.text);
        using enum session_model::refreshed;
        switch (model_.refresh(shown, now())) {
        case invalid: expect(answer, errc::invalid_token); break;
        case blocked: expect(answer, errc::user_blocked); break;
        case rotated:
            BOOST_TEST_REQUIRE(answer.has_value());
            keep(session_services::tokens_in(*answer), number);
            ++rotations_;
            break;
        case repeated: {
            BOOST_TEST_REQUIRE(answer.has_value());
            const auto pair = session_services::tokens_in(*answer);
            if (model_.verifies(session->refresh.back())) {
                BOOST_TEST(pair.access == session->access.back().text);
                BOOST_TEST(pair.refresh == session->refresh.back().text);
            }
            ++repetitions_;
            break;
        }
        }
    }

    void log_out() {
        const model_session* const session = any_session();
        if (session == nullptr) return;
        const model_token shown = any_of(session->access);
        const bool all = roll(3) == 0;
        const bool is_valid = model_.is_valid(shown, now());
        const auto answer = real_.log_out(shown.text, all);
        BOOST_TEST_REQUIRE(answer.has_value() == is_valid);
        if (!is_valid) return;
        BOOST_TEST(answer->status == 204u);
        model_.log_out(shown, all, now());
    }

    void ban() {
        const unsigned who = roll(all_users);
        if (!users_of(who)) return;
        real_.ban(*users_of(who));
        model_.ban(who);
    }
    void unban() {
        const unsigned who = roll(all_users);
        if (!users_of(who)) return;
        real_.unban(*users_of(who));
        model_.unban(who);
    }
    void erase() {
        const unsigned who = roll(all_users);
        if (!users_of(who)) return;
        real_.erase(*users_of(who));
        model_.erase(who);
        erased_.push_back(*users_of(who));
        users_of(who).reset();
    }
    void rotate_keys() {
        real_.rotate_keys();
        ++model_.signing_key;
    }
    // What only the memory knows of times that are to come again, a restart forgets: then not.
    void restart() {
        if (now() < latest_) return;
        real_.restart();
        earliest_ = now();
    }
    void sweep() {
        if (now() < latest_) return;
        real_.sweep();
        model_.sweep(now());
        earliest_ = now();
    }
    void move_clock() {
        const unsigned how = roll(20);
        milliseconds by{roll(20'000)};
        if (how < 3) by = milliseconds{roll(90'000)};
        if (how == 3) by = milliseconds{roll(3'600'000)};
        if (how == 4) by = milliseconds{roll(30 * 3'600'000)};
        if (how == 5) by = -milliseconds{roll(3'600'000)};
        real_.clock.set(std::max(now() + by, earliest_));
        latest_ = std::max(latest_, now());
    }

    void check_one() {
        if (const model_session* const session = any_session()) check(any_of(session->access));
    }
    void check(const model_token& token) {
        const bool is_valid = model_.is_valid(token, now());
        const auto verified = real_.verify(token.text);
        const auto me = real_.me(token.text);
        BOOST_TEST_REQUIRE(verified.has_value() == is_valid);
        BOOST_TEST_REQUIRE(me.has_value() == is_valid);
        if (is_valid) return;
        BOOST_TEST((verified.error().code == errc::invalid_token));
        BOOST_TEST((me.error().code == errc::invalid_token));
    }
    static void expect(const session_services::answer& answer, errc code) {
        BOOST_TEST_REQUIRE(answer.has_error());
        BOOST_TEST((answer.error().code == code));
    }

    std::mt19937_64 dice_;
    session_services real_{lifetimes, most_in_second};
    session_model model_{
        {.access = lifetimes.access,
         .sliding = lifetimes.refresh,
         .longest = lifetimes.session,
         .grace = lifetimes.grace,
         .skew = real_.rules().max_skew},
        all_users};
    std::vector<std::optional<user_id>> users_;
    std::vector<user_id> erased_;
    unix_millis latest_{start_of_sessions};
    unix_millis earliest_{start_of_sessions - std::chrono::hours{24}};
    unsigned rotations_{0};
    unsigned repetitions_{0};
};

} // namespace

BOOST_AUTO_TEST_SUITE(session_model)

BOOST_AUTO_TEST_CASE(sessions_do_what_the_model_says_whatever_happens_to_them) {
    const auto steps = from_environment("WXLOGIND_MODEL_STEPS", 3000);
    const auto seed = from_environment("WXLOGIND_MODEL_SEED", 1);
    for (unsigned long round = 0; round < 4; ++round) BOOST_TEST_CONTEXT("seed " << seed + round) {
            both sides{seed + round};
            for (unsigned long step = 0; step < steps; ++step) BOOST_TEST_CONTEXT("step " << step) {
                    sides.step();
                }
            sides.check_all();
            BOOST_TEST(sides.rotations() > steps / 100);
            BOOST_TEST(sides.repetitions() > steps / 1000);
            BOOST_TEST(sides.thefts() > steps / 1000);
            BOOST_TEST(sides.counters().refreshes == sides.rotations());
            BOOST_TEST(sides.counters().refresh_thefts == sides.thefts());
        }
}

BOOST_AUTO_TEST_SUITE_END()

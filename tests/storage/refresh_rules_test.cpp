#include "storage/refresh_rules.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::storage;
using namespace std::chrono_literals;
using enum refresh_verdict;

namespace {

constexpr unix_millis start{1'790'000'000'000ms};
constexpr rotation_rules rules{.sliding = 720h, .longest = 2160h, .grace = 30s};

constexpr rotation_state session_at(std::uint32_t generation, std::optional<unix_millis> rotated) {
    rotation_state session;
    session.generation = generation;
    session.rotated = rotated;
    session.created = start;
    session.expires = start + rules.sliding;
    return session;
}

constexpr refresh_verdict judge(const rotation_state& session, std::uint32_t shown, unix_millis now) {
    return judge_refresh(session, shown, now, rules);
}

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_rules)

BOOST_AUTO_TEST_CASE(the_current_generation_rotates) {
    BOOST_TEST((judge(session_at(0, std::nullopt), 0, start) == rotate));
    BOOST_TEST((judge(session_at(7, start), 7, start + 24h) == rotate));
}

BOOST_AUTO_TEST_CASE(the_one_before_is_repeated_within_the_grace_window_and_stolen_after_it) {
    const auto session = session_at(7, start + 1h);
    BOOST_TEST((judge(session, 6, start + 1h) == repeat));
    BOOST_TEST((judge(session, 6, start + 1h + 30s) == repeat));
    BOOST_TEST((judge(session, 6, start + 1h + 30001ms) == stolen));
    BOOST_TEST((judge(session, 6, start + 59min) == repeat)); // the clock was set back
}

BOOST_AUTO_TEST_CASE(without_a_grace_window_the_one_before_is_stolen_even_in_the_same_millisecond) {
    rotation_rules without = rules;
    without.grace = 0s;
    const auto session = session_at(7, start + 1h);
    for (const auto now : {start + 1h, start + 1h + 1ms, start + 59min})
        BOOST_TEST((judge_refresh(session, 6, now, without) == stolen));
    BOOST_TEST((judge_refresh(session, 7, start + 1h, without) == rotate));
}

BOOST_AUTO_TEST_CASE(older_ones_are_stolen_at_once) {
    const auto session = session_at(7, start);
    for (const std::uint32_t old : {5u, 4u, 0u}) BOOST_TEST((judge(session, old, start) == stolen));
}

BOOST_AUTO_TEST_CASE(one_from_a_future_that_the_database_has_lost_is_refused) {
    BOOST_TEST((judge(session_at(7, start), 8, start) == refused));
}

BOOST_AUTO_TEST_CASE(a_session_that_is_over_refuses_everything_and_is_nobodys_theft) {
    auto revoked = session_at(7, start);
    revoked.is_revoked = true;
    for (const std::uint32_t shown : {0u, 6u, 7u, 8u}) {
        BOOST_TEST((judge(revoked, shown, start) == refused));
        BOOST_TEST((judge(session_at(7, start), shown, start + rules.sliding) == refused));
    }
    auto kept_alive = session_at(7, start);
    kept_alive.expires = start + 10000h;
    BOOST_TEST((judge(kept_alive, 7, start + rules.longest - 1ms) == rotate));
    BOOST_TEST((judge(kept_alive, 7, start + rules.longest) == refused));
}

BOOST_AUTO_TEST_CASE(a_refresh_that_was_never_answered_leaves_the_old_token_good) {
    auto session = session_at(7, start);
    session.is_unanswered = true;
    BOOST_TEST((judge(session, 6, start + 24h) == rotate));
    BOOST_TEST((judge(session, 5, start + 24h) == stolen));
}

BOOST_AUTO_TEST_CASE(a_session_slides_on_but_not_beyond_its_longest_life) {
    const auto session = session_at(0, std::nullopt);
    BOOST_TEST((expiry_after_refresh(session, start + 1h, rules) == start + 721h));
    BOOST_TEST((expiry_after_refresh(session, start + 2000h, rules) == start + rules.longest));
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/session/revocations.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;

namespace {

constexpr unix_seconds now{1'800'000'000s};
const token_rules rules{.issuer = "wxlogind"};
constexpr std::chrono::seconds ttl = 2h;
const unix_millis until = now + longest_token_life(ttl, rules);
const auto much_later = std::chrono::steady_clock::now() + 24h;

// The number stands where the slot is taken from as well as where it is not.
user_id user_of(std::uint32_t number, std::uint16_t slot = 0) {
    user_id user;
    user.bytes[0] = static_cast<std::uint8_t>(number >> 16);
    user.bytes[1] = static_cast<std::uint8_t>(number >> 8);
    user.bytes[2] = static_cast<std::uint8_t>(number);
    user.bytes[14] = static_cast<std::uint8_t>(slot >> 8);
    user.bytes[15] = static_cast<std::uint8_t>(slot);
    return user;
}

token_claims token_of(const user_id& user, session_id sid, unix_seconds issued = now) {
    token_claims claims;
    claims.appid = "wx0123456789abcdef";
    claims.user = user;
    claims.sid = sid;
    claims.issued = issued;
    claims.expires = issued + ttl;
    return claims;
}

} // namespace

BOOST_AUTO_TEST_SUITE(revocations)

using dead = wxlogind::session::revocations;

BOOST_AUTO_TEST_CASE(nothing_is_revoked_at_first) {
    const dead all{1000, rules, ttl};
    BOOST_TEST(!all.is_revoked(token_of(user_of(1), 1), now));
    BOOST_TEST(all.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_revoked_session_takes_no_other_with_it) {
    dead all{1000, rules, ttl};
    all.add_session(user_of(1), 5, until);
    BOOST_TEST(all.is_revoked(token_of(user_of(1), 5), now));
    BOOST_TEST(!all.is_revoked(token_of(user_of(1), 4), now));
    BOOST_TEST(!all.is_revoked(token_of(user_of(1), 6), now));
    BOOST_TEST(!all.is_revoked(token_of(user_of(2), 6), now)); // in the same slot
    BOOST_TEST(!all.is_revoked(token_of(user_of(1, 1), 6), now));
}

BOOST_AUTO_TEST_CASE(all_sessions_of_a_user_are_those_up_to_a_number) {
    dead all{1000, rules, ttl};
    all.add_user(user_of(1), 5, until);
    for (const session_id sid : {1, 4, 5}) BOOST_TEST(all.is_revoked(token_of(user_of(1), sid), now));
    BOOST_TEST(!all.is_revoked(token_of(user_of(1), 6), now));
    BOOST_TEST(!all.is_revoked(token_of(user_of(2), 1), now));
    all.add_user(user_of(1), 3, until); // told late, or again
    BOOST_TEST(all.is_revoked(token_of(user_of(1), 5), now));
    all.add_user(user_of(1), 8, until);
    BOOST_TEST(all.is_revoked(token_of(user_of(1), 8), now));
    BOOST_TEST(all.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_revocation_counts_until_every_token_of_its_time_has_expired) {
    dead all{1000, rules, ttl};
    all.add_session(user_of(1), 5, until);
    const auto last = token_of(user_of(1), 5);
    const auto last_valid_moment = last.expires + rules.max_skew - 1s;
    all.forget_expired(last_valid_moment, much_later);
    BOOST_TEST(all.is_revoked(last, last_valid_moment));
    const auto end = std::chrono::ceil<std::chrono::seconds>(until);
    all.forget_expired(end - 1s, much_later);
    BOOST_TEST(all.size() == 1u);
    all.forget_expired(end, much_later);
    BOOST_TEST(all.size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_makes_no_revoked_token_good_again) {
    dead all{1000, rules, ttl};
    all.add_session(user_of(1), 5, all.end_of_tokens(now));
    // Forward, while things are forgotten, and back.
    all.forget_expired(now + 24h, std::chrono::steady_clock::now());
    BOOST_TEST(all.is_revoked(token_of(user_of(1), 5), now));

    // Issued, then set back, then revoked.
    const auto token = token_of(user_of(2), 6);
    all.note_issued(token.issued);
    all.add_session(user_of(2), 6, all.end_of_tokens(now - 1h));
    BOOST_TEST(all.is_revoked(token, token.expires + rules.max_skew - 1s));
}

BOOST_AUTO_TEST_CASE(what_is_over_already_when_it_is_told_concerns_nobody) {
    dead all{1000, rules, ttl};
    all.add_user(user_of(1), 5, now - 1s);
    BOOST_TEST(!all.is_revoked(token_of(user_of(1), 5), now));
    all.forget_expired(now, much_later);
    BOOST_TEST(all.size() == 0u);
}

BOOST_AUTO_TEST_CASE(when_there_is_no_room_the_revoked_stay_out_and_others_have_to_refresh_once) {
    dead all{64, rules, ttl}; // one entry for each lock
    all.add_session(user_of(1), 5, until);
    all.add_session(user_of(2), 6, until);
    BOOST_TEST(all.size() == 1u);
    BOOST_TEST(all.overflows() == 1u);
    BOOST_TEST(all.is_revoked(token_of(user_of(1), 5), now));
    BOOST_TEST(all.is_revoked(token_of(user_of(2), 6), now));

    const auto neighbour = user_of(3);
    BOOST_TEST(all.is_revoked(token_of(neighbour, 7), now));
    BOOST_TEST(all.is_revoked(token_of(neighbour, 7, now - 1h), now));
    BOOST_TEST(!all.is_revoked(token_of(neighbour, 7, now + 3s), now + 3s)); // has refreshed
    BOOST_TEST(!all.is_revoked(token_of(user_of(3, 64), 7), now));           // the same lock, another slot
    BOOST_TEST(!all.is_revoked(token_of(user_of(3, 1), 7), now));

    // It lasts as long as the tokens do, and not longer.
    all.forget_expired(std::chrono::ceil<std::chrono::seconds>(until), much_later);
    BOOST_TEST(!all.is_revoked(token_of(neighbour, 7, now), now + 4h));
}

BOOST_AUTO_TEST_CASE(a_hundred_times_more_than_fit_never_lets_a_revoked_one_in) {
    dead all{640, rules, ttl};
    const auto slot_of = [](std::uint32_t number) {
        return static_cast<std::uint16_t>(number * 2654435761u);
    };
    for (std::uint32_t number = 0; number < 64'000; ++number)
        all.add_user(user_of(number, slot_of(number)), number, until);
    BOOST_TEST(all.size() <= 640u);
    bool is_anybody_in = false;
    for (std::uint32_t number = 0; number < 64'000; ++number)
        is_anybody_in |= !all.is_revoked(token_of(user_of(number, slot_of(number)), number), now);
    BOOST_TEST(!is_anybody_in);
}

BOOST_AUTO_TEST_CASE(tokens_of_a_merged_user_mean_the_survivor_until_the_last_has_expired) {
    dead all{1000, rules, ttl};
    BOOST_TEST(!all.survivor_of(user_of(1), now).has_value());
    all.add_merge(user_of(1), user_of(2), until);
    BOOST_TEST((all.survivor_of(user_of(1), now) == user_of(2)));
    BOOST_TEST(!all.survivor_of(user_of(2), now).has_value());
    BOOST_TEST(!all.survivor_of(user_of(3), now).has_value()); // in the same slot
    BOOST_TEST(!all.is_revoked(token_of(user_of(1), 6), now));
    all.add_merge(user_of(1), user_of(3), until); // merged further
    BOOST_TEST((all.survivor_of(user_of(1), now) == user_of(3)));
    all.remove_merge(user_of(1));
    BOOST_TEST(!all.survivor_of(user_of(1), now).has_value());

    all.add_merge(user_of(1), user_of(2), until);
    all.forget_expired(now, much_later);
    BOOST_TEST(all.size() == 1u);
    const auto end = std::chrono::ceil<std::chrono::seconds>(until);
    all.forget_expired(end, much_later);
    BOOST_TEST(all.size() == 0u);
    BOOST_TEST(!all.survivor_of(user_of(1), end).has_value());
}

BOOST_AUTO_TEST_CASE(tokens_of_a_merged_user_are_refused_until_a_refresh_where_there_is_no_room) {
    dead all{64, rules, ttl}; // one for each lock
    all.add_session(user_of(1), 5, until);
    all.add_merge(user_of(2), user_of(3), until);
    BOOST_TEST(all.overflows() == 1u);
    BOOST_TEST(all.is_revoked(token_of(user_of(2), 6), now));
}

BOOST_AUTO_TEST_CASE(what_one_thread_has_added_others_find_at_once) {
    dead all{100'000, rules, ttl};
    constexpr session_id count = 20'000;
    std::atomic<session_id> added{0};
    std::atomic<bool> was_missed{false};
    {
        std::vector<std::jthread> lookers;
        for (int thread = 0; thread < 2; ++thread)
            lookers.emplace_back([&] {
                session_id seen = 0;
                while (seen < count) {
                    seen = added.load(std::memory_order_acquire);
                    if (seen == 0) continue;
                    const auto user =
                        user_of(static_cast<std::uint32_t>(seen), static_cast<std::uint16_t>(seen));
                    if (!all.is_revoked(token_of(user, seen), now)) was_missed = true;
                    all.forget_expired(now, much_later);
                }
            });
        for (session_id sid = 1; sid <= count; ++sid) {
            all.add_session(
                user_of(static_cast<std::uint32_t>(sid), static_cast<std::uint16_t>(sid)), sid, until);
            added.store(sid, std::memory_order_release);
        }
    }
    BOOST_TEST(!was_missed);
}

BOOST_AUTO_TEST_SUITE_END()

#include "bench/wechat-sim/world/errcodes.hpp"
#include "bench/wechat-sim/world/token_calls.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::wechat_sim;
using namespace std::chrono_literals;

namespace {

// 2024-08-22 01:14:57 UTC.
constexpr unix_millis start{std::chrono::milliseconds{0x66c69111LL * 1000}};

struct token_world {
    manual_wall_clock clock{start};
    world_settings settings{};
    std::unique_ptr<world> everything;

    token_world() { make(); }
    void make() {
        everything = std::make_unique<world>(settings, clock);
        everything->put_app({.appid = "wx", .secret = "one"});
    }
    issued_token classic() {
        return classic_token(*everything, {"wx", "one", "client_credential", "127.0.0.1"});
    }
    issued_token stable(bool by_force = false) {
        return stable_token(*everything, {"wx", "one", "client_credential", "127.0.0.1", by_force});
    }
    int check(const issued_token& token) {
        return everything->tokens().check(token.text, clock.now()).errcode;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_tokens, token_world)

BOOST_AUTO_TEST_CASE(each_classic_token_replaces_the_one_before_after_five_minutes) {
    const issued_token first = classic();
    BOOST_TEST(first.expires_in.count() == 7200);
    clock.advance(1h);
    const issued_token second = classic();
    BOOST_TEST(second.text != first.text);
    BOOST_TEST(second.expires_in.count() == 7200);
    BOOST_TEST(check(first) == 0);
    clock.advance(5min - 1ms);
    BOOST_TEST(check(first) == 0);
    clock.advance(1ms);
    BOOST_TEST(check(first) == errcode::invalid_credential);
    BOOST_TEST(check(second) == 0);
}

BOOST_AUTO_TEST_CASE(a_token_that_was_never_replaced_expires_with_42001) {
    const issued_token classic_one = classic();
    const issued_token stable_one = stable();
    clock.advance(2h - 1ms);
    BOOST_TEST(check(classic_one) == 0);
    BOOST_TEST(check(stable_one) == 0);
    clock.advance(1ms);
    BOOST_TEST(check(classic_one) == errcode::token_expired);
    BOOST_TEST(check(stable_one) == errcode::token_expired);
}

BOOST_AUTO_TEST_CASE(the_stable_token_stays_and_tells_what_is_left_of_it) {
    const issued_token first = stable();
    BOOST_TEST(first.text.size() == 512u);
    BOOST_TEST(first.expires_in.count() == 7200);
    clock.advance(6855s);
    const issued_token again = stable();
    BOOST_TEST(again.text == first.text);
    BOOST_TEST(again.expires_in.count() == 345);
}

BOOST_AUTO_TEST_CASE(the_stable_token_is_renewed_in_its_last_five_minutes_and_both_are_good) {
    const issued_token first = stable();
    clock.advance(2h - 5min);
    const issued_token second = stable();
    BOOST_TEST(second.text != first.text);
    BOOST_TEST(second.expires_in.count() == 7200);
    BOOST_TEST(check(first) == 0);
    clock.advance(5min - 1ms);
    BOOST_TEST(check(first) == 0);
    clock.advance(1ms);
    BOOST_TEST(check(first) == errcode::token_expired);
    BOOST_TEST(check(second) == 0);
}

BOOST_AUTO_TEST_CASE(a_forced_refresh_kills_the_stable_token_at_once) {
    const issued_token first = stable();
    const issued_token forced = stable(true);
    BOOST_TEST(forced.text != first.text);
    BOOST_TEST(check(first) == errcode::invalid_credential);
    BOOST_TEST(check(forced) == 0);
}

BOOST_AUTO_TEST_CASE(within_thirty_seconds_of_a_forced_refresh_there_is_no_other) {
    (void)stable();
    const issued_token forced = stable(true);
    clock.advance(30s - 1ms);
    BOOST_TEST(stable(true).text == forced.text);
    clock.advance(1ms);
    BOOST_TEST(stable(true).text != forced.text);
    BOOST_TEST(everything->tokens().counts_of("wx").stable_forced == 2u);
}

BOOST_AUTO_TEST_CASE(a_day_has_twenty_forced_refreshes) {
    (void)stable();
    for (int index = 0; index < 20; ++index) {
        BOOST_TEST_REQUIRE(stable(true).errcode == 0);
        clock.advance(30s);
    }
    BOOST_TEST(stable(true).errcode == errcode::daily_quota);
    BOOST_TEST(stable().errcode == 0);
    clock.advance(24h);
    (void)stable();
    BOOST_TEST(stable(true).errcode == 0);
}

BOOST_AUTO_TEST_CASE(the_two_kinds_do_not_touch_each_other) {
    const issued_token stable_one = stable();
    const issued_token classic_one = classic();
    (void)classic();
    (void)stable(true);
    clock.advance(6min);
    BOOST_TEST(check(stable_one) == errcode::invalid_credential); // by force
    BOOST_TEST(check(classic_one) == errcode::invalid_credential);
    const issued_token kept = stable();
    (void)classic();
    clock.advance(6min);
    BOOST_TEST(check(kept) == 0);
}

BOOST_AUTO_TEST_CASE(a_second_server_takes_the_classic_token_away) {
    const issued_token mine = classic();
    everything->tokens().rotate_classic("wx", clock.now(), 5min);
    BOOST_TEST(check(mine) == 0);
    clock.advance(5min);
    BOOST_TEST(check(mine) == errcode::invalid_credential);
    const issued_token next = classic();
    everything->tokens().rotate_classic("wx", clock.now(), 0s);
    BOOST_TEST(check(next) == errcode::invalid_credential);
}

BOOST_AUTO_TEST_CASE(a_second_server_that_goes_on_makes_waves_of_40001_until_it_is_stopped) {
    everything->tokens().let_second_server_rotate("wx", 1h, clock.now());
    for (int round = 0; round < 5; ++round) {
        const issued_token mine = classic();
        BOOST_TEST(check(mine) == 0);
        clock.advance(95min + 1s); // the longest pause, and the overlap
        BOOST_TEST(check(mine) == errcode::invalid_credential);
    }
    BOOST_TEST(everything->tokens().counts_of("wx").second_server >= 5u);
    everything->tokens().let_second_server_rotate("wx", 0s, clock.now());
    const issued_token mine = classic();
    clock.advance(110min);
    BOOST_TEST(check(mine) == 0);
}

BOOST_AUTO_TEST_CASE(tokens_are_ended_on_order_and_new_ones_made) {
    const issued_token classic_one = classic();
    const issued_token stable_one = stable();
    everything->tokens().end("wx", token_kind::stable, token_end::expired, clock.now());
    BOOST_TEST(check(stable_one) == errcode::token_expired);
    BOOST_TEST(check(classic_one) == 0);
    BOOST_TEST(check(stable()) == 0);
    BOOST_TEST(everything->tokens().end_one(classic_one.text, token_end::revoked, clock.now()));
    BOOST_TEST(check(classic_one) == errcode::invalid_credential);
    BOOST_TEST(!everything->tokens().end_one("nobody's", token_end::revoked, clock.now()));
}

BOOST_AUTO_TEST_CASE(a_changed_secret_ends_the_tokens) {
    const issued_token classic_one = classic();
    const issued_token stable_one = stable();
    everything->put_app({.appid = "wx", .secret = "one", .group = "now bound"});
    BOOST_TEST(check(classic_one) == 0);
    everything->put_app({.appid = "wx", .secret = "two"});
    BOOST_TEST(check(classic_one) == errcode::invalid_credential);
    BOOST_TEST(check(stable_one) == errcode::invalid_credential);
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_told_from_one_that_is_not_known) {
    BOOST_TEST(everything->tokens().check("", clock.now()).errcode == errcode::token_missing);
    BOOST_TEST(everything->tokens().check("abc", clock.now()).errcode == errcode::invalid_token);
    BOOST_TEST(
        everything->tokens().check(std::string(512, '!'), clock.now()).errcode == errcode::invalid_token);
    BOOST_TEST(
        everything->tokens().check(std::string(512, 'x'), clock.now()).errcode ==
        errcode::invalid_credential);
}

BOOST_AUTO_TEST_CASE(the_checks_come_in_the_documented_order_for_both_kinds) {
    for (auto* const call : {&classic_token, &stable_token}) {
        const auto outcome_of = [&](const token_request& asked) { return call(*everything, asked).errcode; };
        BOOST_TEST(outcome_of({}) == errcode::appid_missing);
        BOOST_TEST(outcome_of({.appid = "nobody"}) == errcode::invalid_appid);
        BOOST_TEST(outcome_of({.appid = "wx"}) == errcode::secret_missing);
        BOOST_TEST(outcome_of({.appid = "wx", .secret = "two"}) == errcode::invalid_secret);
        BOOST_TEST(outcome_of({.appid = "wx", .secret = "one"}) == errcode::invalid_grant_type);
        everything->put_app({.appid = "wx", .secret = "one", .allowed_ips = {"192.0.2.1"}});
        const token_request proper{"wx", "one", "client_credential", "127.0.0.1"};
        BOOST_TEST(outcome_of(proper) == errcode::invalid_ip);
        everything->put_app({.appid = "wx", .secret = "one", .is_frozen = true});
        BOOST_TEST(outcome_of(proper) == errcode::secret_frozen);
        everything->put_app({.appid = "wx", .secret = "one"});
        BOOST_TEST(outcome_of(proper) == 0);
    }
}

BOOST_AUTO_TEST_CASE(days_and_minutes_have_their_quotas) {
    settings.classic_tokens_a_day = 2;
    settings.stable_tokens_a_minute = 3;
    settings.stable_tokens_a_day = 4;
    make();
    (void)classic();
    (void)classic();
    BOOST_TEST(classic().errcode == errcode::daily_quota);
    for (int index = 0; index < 3; ++index) BOOST_TEST(stable().errcode == 0);
    BOOST_TEST(stable().errcode == errcode::minute_quota);
    clock.advance(1min);
    BOOST_TEST(stable().errcode == 0);
    BOOST_TEST(stable().errcode == errcode::daily_quota);
    clock.advance(24h);
    BOOST_TEST(stable().errcode == 0);
    BOOST_TEST(classic().errcode == 0);
}

BOOST_AUTO_TEST_CASE(threads_that_ask_together_get_one_stable_token_and_every_classic_one_once) {
    std::vector<std::vector<std::string>> stable_ones(4);
    std::vector<std::vector<std::string>> classic_ones(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t index = 0; index < 4; ++index)
            threads.emplace_back([&, index] {
                for (int round = 0; round < 100; ++round) {
                    stable_ones[index].push_back(stable().text);
                    classic_ones[index].push_back(classic().text);
                    (void)everything->tokens().check(classic_ones[index].back(), clock.now());
                }
            });
    }
    const auto distinct = [](const std::vector<std::vector<std::string>>& all) {
        std::set<std::string> seen;
        for (const auto& each : all) seen.insert(each.begin(), each.end());
        return seen.size();
    };
    BOOST_TEST(distinct(classic_ones) == 400u);
    // A busy app's stable token is not forgotten among its classic ones.
    BOOST_TEST(distinct(stable_ones) == 1u);
    BOOST_TEST(everything->tokens().counts_of("wx").stable_made == 1u);
}

BOOST_AUTO_TEST_CASE(the_tokens_of_an_app_are_bounded) {
    const issued_token first = classic();
    std::set<std::string> seen{first.text};
    for (int index = 0; index < 100; ++index) seen.insert(classic().text);
    BOOST_TEST(seen.size() == 101u);
    BOOST_TEST(check(first) == errcode::invalid_credential);
}

BOOST_AUTO_TEST_SUITE_END()

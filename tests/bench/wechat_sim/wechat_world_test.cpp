#include "bench/wechat-sim/world/errcodes.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <thread>
#include <vector>

using namespace wxlogind;
using namespace wxlogind::wechat_sim;
using namespace std::chrono_literals;

namespace {

// 2024-08-22 01:14:57 UTC.
constexpr unix_millis start{std::chrono::milliseconds{0x66c69111LL * 1000}};

struct small_world {
    manual_wall_clock clock{start};
    world_settings settings{};
    std::unique_ptr<world> everything;

    small_world() { make(); }
    // Again, with changed settings.
    void make() {
        everything = std::make_unique<world>(settings, clock);
        everything->put_app({.appid = "wx-bound", .secret = "one", .group = "group"});
        everything->put_app({.appid = "wx-bound-too", .secret = "two", .group = "group"});
        everything->put_app({.appid = "wx-alone", .secret = "three"});
    }
    std::string mint(std::string_view appid, std::string_view user) {
        return everything->mint(appid, user).value();
    }
    exchange_outcome exchange(std::string_view appid, std::string_view secret, std::string_view code) {
        return everything->exchange({appid, secret, code, "authorization_code", "127.0.0.1"});
    }
    exchange_outcome log_in(std::string_view user) {
        return exchange("wx-bound", "one", mint("wx-bound", user));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wechat_world, small_world)

BOOST_AUTO_TEST_CASE(a_minted_code_has_the_shape_of_a_real_one) {
    std::set<std::string> seen;
    for (int index = 0; index < 1000; ++index) {
        const std::string code = mint("wx-bound", "alice");
        BOOST_TEST(code.size() == 32u);
        BOOST_TEST(code.front() == '0');
        BOOST_TEST(std::ranges::all_of(code, [](unsigned char c) { return std::isalnum(c) != 0; }));
        BOOST_TEST(seen.insert(code).second);
    }
}

BOOST_AUTO_TEST_CASE(an_exchange_gives_key_openid_and_unionid) {
    const auto login = log_in("alice");
    BOOST_TEST(login.errcode == 0);
    BOOST_TEST(login.openid.text().size() == 28u);
    BOOST_TEST(login.openid.text().front() == 'o');
    BOOST_TEST(login.key.text().size() == 24u);
    BOOST_TEST(login.key.text().ends_with("=="));
    BOOST_TEST_REQUIRE(login.unionid.has_value());
    BOOST_TEST(login.unionid->text().size() == 28u);
    BOOST_TEST(login.unionid->text() != login.openid.text());
}

BOOST_AUTO_TEST_CASE(an_unbound_app_gives_no_unionid) {
    BOOST_TEST(!exchange("wx-alone", "three", mint("wx-alone", "alice")).unionid.has_value());
}

BOOST_AUTO_TEST_CASE(an_openid_belongs_to_one_user_in_one_app_and_stays) {
    const auto first = log_in("alice");
    const auto again = log_in("alice");
    const auto other_user = log_in("bob");
    const auto other_app = exchange("wx-bound-too", "two", mint("wx-bound-too", "alice"));
    BOOST_TEST(first.openid.text() == again.openid.text());
    BOOST_TEST(first.openid.text() != other_user.openid.text());
    BOOST_TEST(first.openid.text() != other_app.openid.text());
}

BOOST_AUTO_TEST_CASE(a_unionid_is_shared_by_the_apps_of_a_group_alone) {
    everything->put_app({.appid = "wx-elsewhere", .secret = "four", .group = "another group"});
    const auto here = log_in("alice");
    const auto same_group = exchange("wx-bound-too", "two", mint("wx-bound-too", "alice"));
    const auto other_group = exchange("wx-elsewhere", "four", mint("wx-elsewhere", "alice"));
    BOOST_TEST(here.unionid.value().text() == same_group.unionid.value().text());
    BOOST_TEST(here.unionid.value().text() != other_group.unionid.value().text());
    BOOST_TEST(here.unionid.value().text() != log_in("bob").unionid.value().text());
}

BOOST_AUTO_TEST_CASE(identities_survive_a_restart_and_change_with_the_seed) {
    const std::string before{log_in("alice").openid.text()};
    make();
    BOOST_TEST(log_in("alice").openid.text() == before);
    settings.identity_seed = 7;
    make();
    BOOST_TEST(log_in("alice").openid.text() != before);
}

BOOST_AUTO_TEST_CASE(a_code_is_good_once) {
    const std::string code = mint("wx-bound", "alice");
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == errcode::code_used);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == errcode::code_used);
    BOOST_TEST(everything->arrivals_of(code).exchanged == 1u);
}

BOOST_AUTO_TEST_CASE(a_code_lives_five_minutes) {
    const std::string in_time = mint("wx-bound", "alice");
    const std::string too_late = mint("wx-bound", "alice");
    clock.advance(5min - 1ms);
    BOOST_TEST(exchange("wx-bound", "one", in_time).errcode == 0);
    clock.advance(1ms);
    BOOST_TEST(exchange("wx-bound", "one", too_late).errcode == errcode::invalid_code);
}

BOOST_AUTO_TEST_CASE(a_spent_code_is_unknown_once_its_five_minutes_are_over) {
    const std::string code = mint("wx-bound", "alice");
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
    clock.advance(5min);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == errcode::invalid_code);
}

BOOST_AUTO_TEST_CASE(a_code_of_another_app_is_invalid_and_stays_good_for_its_own) {
    const std::string code = mint("wx-bound", "alice");
    BOOST_TEST(exchange("wx-bound-too", "two", code).errcode == errcode::invalid_code);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
}

BOOST_AUTO_TEST_CASE(the_developer_tools_mock_code_is_invalid) {
    BOOST_TEST(exchange("wx-bound", "one", "the code is a mock one").errcode == errcode::invalid_code);
}

BOOST_AUTO_TEST_CASE(a_blocked_user_gets_40226_until_unblocked) {
    const std::string code = mint("wx-bound", "mallory");
    BOOST_TEST(everything->set_blocked("mallory", true));
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == errcode::code_blocked);
    BOOST_TEST(log_in("alice").errcode == 0);
    BOOST_TEST(everything->set_blocked("mallory", false));
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
}

BOOST_AUTO_TEST_CASE(the_checks_come_in_the_documented_order) {
    const std::string code = mint("wx-bound", "alice");
    const auto outcome_of = [this](exchange_request asked) { return everything->exchange(asked).errcode; };
    BOOST_TEST(outcome_of({}) == errcode::appid_missing);
    BOOST_TEST(outcome_of({.appid = "wx-nobody", .secret = ""}) == errcode::invalid_appid);
    BOOST_TEST(outcome_of({.appid = "wx-bound"}) == errcode::secret_missing);
    BOOST_TEST(outcome_of({.appid = "wx-bound", .secret = "two"}) == errcode::invalid_secret);
    BOOST_TEST(outcome_of({.appid = "wx-bound", .secret = "one"}) == errcode::code_missing);
    BOOST_TEST(
        outcome_of({.appid = "wx-bound", .secret = "one", .js_code = code}) == errcode::invalid_grant_type);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
}

BOOST_AUTO_TEST_CASE(an_allow_list_lets_its_addresses_in_and_no_others) {
    everything->put_app({.appid = "wx-bound", .secret = "one", .allowed_ips = {"192.0.2.1", "127.0.0.1"}});
    const std::string code = mint("wx-bound", "alice");
    const exchange_request from_elsewhere{"wx-bound", "one", code, "authorization_code", "192.0.2.2"};
    BOOST_TEST(everything->exchange(from_elsewhere).errcode == errcode::invalid_ip);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
}

BOOST_AUTO_TEST_CASE(a_frozen_secret_answers_40243_even_when_it_is_right) {
    everything->put_app({.appid = "wx-bound", .secret = "one", .is_frozen = true});
    BOOST_TEST(log_in("alice").errcode == errcode::secret_frozen);
}

BOOST_AUTO_TEST_CASE(a_user_may_exchange_a_hundred_times_a_minute_and_again_the_next) {
    for (int index = 0; index < 100; ++index) BOOST_TEST_REQUIRE(log_in("alice").errcode == 0);
    const std::string code = mint("wx-bound", "alice");
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == errcode::minute_quota);
    BOOST_TEST(log_in("bob").errcode == 0);
    BOOST_TEST(exchange("wx-bound-too", "two", mint("wx-bound-too", "alice")).errcode == 0);
    clock.advance(1min);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0); // refused codes are not spent
}

BOOST_AUTO_TEST_CASE(a_rate_limit_of_zero_is_none) {
    settings.rate_limit = 0;
    make();
    for (int index = 0; index < 500; ++index) BOOST_TEST_REQUIRE(log_in("alice").errcode == 0);
}

BOOST_AUTO_TEST_CASE(a_daily_quota_ends_at_midnight_in_china) {
    everything->put_app({.appid = "wx-bound", .secret = "one", .daily_quota = 2});
    BOOST_TEST(log_in("alice").errcode == 0);
    BOOST_TEST(log_in("bob").errcode == 0);
    BOOST_TEST(log_in("carol").errcode == errcode::daily_quota);
    clock.set(start + 14h + 45min); // 15:59:57 UTC
    BOOST_TEST(log_in("carol").errcode == errcode::daily_quota);
    clock.advance(4s);
    BOOST_TEST(log_in("carol").errcode == 0);
}

BOOST_AUTO_TEST_CASE(a_session_key_rotates_but_not_within_its_period) {
    const std::string first{log_in("alice").key.text()};
    clock.advance(59s);
    BOOST_TEST(log_in("alice").key.text() == first);
    clock.advance(1s);
    const std::string second{log_in("alice").key.text()};
    BOOST_TEST(second != first);
    BOOST_TEST(log_in("bob").key.text() != second);
}

BOOST_AUTO_TEST_CASE(arrivals_are_counted_whatever_becomes_of_them) {
    const std::string code = mint("wx-bound", "alice");
    BOOST_TEST(everything->arrivals_of(code).arrived == 0u);
    everything->count_arrival(code);
    everything->count_arrival(code);
    BOOST_TEST(everything->arrivals_of(code).arrived == 2u);
    BOOST_TEST(everything->arrivals_of(code).exchanged == 0u);
}

BOOST_AUTO_TEST_CASE(load_codes_need_no_minting_when_they_are_switched_on) {
    const std::string code = "0L0000000042abcdefghij0123456789";
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == errcode::invalid_code);
    settings.takes_load_codes = true;
    make();
    const auto login = exchange("wx-bound", "one", code);
    BOOST_TEST(login.errcode == 0);
    BOOST_TEST(login.openid.text() == log_in("0000000042").openid.text());
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == errcode::code_used);
    BOOST_TEST(
        exchange("wx-bound", "one", "0L000000004xabcdefghij0123456789").errcode == errcode::invalid_code);
    settings.load_codes_are_single_use = false;
    make();
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
    BOOST_TEST(exchange("wx-bound", "one", code).errcode == 0);
}

BOOST_AUTO_TEST_CASE(minted_codes_are_bounded_and_the_oldest_go_first) {
    settings.max_minted_codes = 160;
    make();
    std::vector<std::string> codes;
    for (int index = 0; index < 1000; ++index) codes.push_back(mint("wx-bound", std::to_string(index)));
    const auto known = [this](const std::string& code) { return !everything->user_of(code).empty(); };
    BOOST_TEST(std::ranges::count_if(codes, known) <= 176);
    BOOST_TEST(known(codes.back()));
    BOOST_TEST(!known(codes.front()));
}

BOOST_AUTO_TEST_CASE(the_same_seed_mints_the_same_codes) {
    settings.code_seed = 11;
    make();
    const std::string first = mint("wx-bound", "alice");
    make();
    BOOST_TEST(mint("wx-bound", "alice") == first);
    settings.code_seed = 12;
    make();
    BOOST_TEST(mint("wx-bound", "alice") != first);
}

BOOST_AUTO_TEST_CASE(one_of_many_threads_that_race_for_a_code_gets_it) {
    for (int round = 0; round < 50; ++round) {
        const std::string code = mint("wx-bound", std::to_string(round));
        std::atomic<int> got{0};
        {
            std::vector<std::jthread> racers;
            for (int index = 0; index < 4; ++index)
                racers.emplace_back([&] { got += exchange("wx-bound", "one", code).errcode == 0 ? 1 : 0; });
        }
        BOOST_TEST(got == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()

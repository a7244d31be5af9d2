#include "core/wechat/round_trips.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind::wechat;
using wxlogind::errc;
using wxlogind::failure;
using wxlogind::result;
using wxlogind::net::exchange_fault;
using wxlogind::net::exchange_outcome;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view login_call = "/login";

exchange_outcome after(std::chrono::steady_clock::duration took) {
    exchange_outcome outcome;
    outcome.took = took;
    return outcome;
}

exchange_outcome lost(exchange_fault why, std::chrono::steady_clock::duration took) {
    exchange_outcome outcome = after(took);
    outcome.fault = why;
    return outcome;
}

result<void> errcode_of(int errcode) {
    if (errcode == 0) return {};
    return code2session_failure(errcode);
}

wxlogind::wechat::round_trips::sums sums_of(const client_round_trips& counts) {
    std::map<client_round_trips::key, wxlogind::wechat::round_trips::sums> all;
    counts.add_to(all);
    return all[{"wxapp", login_call}];
}

} // namespace

BOOST_AUTO_TEST_SUITE(round_trips)

BOOST_AUTO_TEST_CASE(errcodes_are_counted_each_by_itself_and_unknown_ones_together) {
    client_round_trips counts;
    auto& logins = counts.of("wxapp", login_call, wechat_call::code_to_session);
    for (const int errcode : {0, 40029, 0, 40163, 40029, 0}) logins.answered(after(1ms), errcode_of(errcode));
    for (int invented = 900'000; invented < 900'100; ++invented)
        logins.answered(after(1ms), errcode_of(invented));
    const auto sums = sums_of(counts);
    BOOST_TEST((sums.by_errcode == std::map<int, std::uint64_t>{{0, 3}, {40029, 2}, {40163, 1}}));
    BOOST_TEST(sums.other == 100u);
    BOOST_TEST(sums.took.count() == 106u);
}

BOOST_AUTO_TEST_CASE(there_are_never_more_errcodes_than_places) {
    client_round_trips counts;
    auto& calls = counts.of("wxapp", login_call, wechat_call::with_token);
    std::uint64_t answers = 0;
    for (int errcode = -10; errcode < 100'000; ++errcode, ++answers)
        calls.answered(after(1us), errcode_of(errcode));
    const auto sums = sums_of(counts);
    BOOST_TEST(sums.by_errcode.size() <= 24u);
    BOOST_TEST(sums.by_errcode.size() > 3u);
    std::uint64_t counted = sums.other;
    for (const auto& [errcode, count] : sums.by_errcode) counted += count;
    BOOST_TEST(counted == answers);
}

BOOST_AUTO_TEST_CASE(what_brings_no_answer_is_counted_by_why_and_takes_time_only_when_it_was_sent) {
    client_round_trips counts;
    auto& logins = counts.of("wxapp", login_call, wechat_call::code_to_session);
    logins.failed(lost(exchange_fault::deadline, 3s));
    logins.failed(lost(exchange_fault::connect, 0s));
    logins.answered(after(2ms), result<void>{failure{errc::wechat_bad_answer}}); // an answer of nonsense
    const auto sums = sums_of(counts);
    const auto count_of = [&](exchange_fault why) { return sums.by_fault[static_cast<std::size_t>(why)]; };
    BOOST_TEST(count_of(exchange_fault::deadline) == 1u);
    BOOST_TEST(count_of(exchange_fault::connect) == 1u);
    BOOST_TEST(count_of(exchange_fault::bad_response) == 1u);
    BOOST_TEST(sums.by_errcode.at(0) == 0u);
    BOOST_TEST(sums.took.count() == 2u);
    BOOST_TEST(sums.took.sum == 3'002'000u);
}

BOOST_AUTO_TEST_CASE(several_reactors_and_calls_add_up) {
    client_round_trips one;
    client_round_trips other;
    one.of("wxapp", login_call, wechat_call::code_to_session).answered(after(2ms), errcode_of(0));
    other.of("wxapp", login_call, wechat_call::code_to_session).answered(after(3ms), errcode_of(0));
    other.of("wxapp", "/token", wechat_call::access_token).answered(after(1ms), errcode_of(40125));
    other.of("wxother", login_call, wechat_call::code_to_session).answered(after(1ms), errcode_of(0));

    std::map<client_round_trips::key, wxlogind::wechat::round_trips::sums> all;
    one.add_to(all);
    other.add_to(all);
    BOOST_TEST_REQUIRE(all.size() == 3u);
    const auto& logins = all[{"wxapp", login_call}];
    BOOST_TEST(logins.by_errcode.at(0) == 2u);
    BOOST_TEST(logins.took.sum == 5'000u);
    BOOST_TEST((all[{"wxapp", "/token"}].by_errcode.at(40125)) == 1u);
}

BOOST_AUTO_TEST_CASE(breakers_are_counted_by_the_state_that_they_are_in) {
    client_round_trips one;
    client_round_trips other;
    const circuit_breaker closed{1, 1s, &one.sign_of("wxapp", breaker_of::logins)};
    circuit_breaker changing{1, 1s, &other.sign_of("wxapp", breaker_of::logins)};
    const circuit_breaker of_other_calls{1, 1s, &other.sign_of("wxapp", breaker_of::others)};
    const circuit_breaker::time_point noon{1000s};
    const auto states = [&] {
        std::map<client_round_trips::breaker_key, client_round_trips::breaker_states> all;
        one.add_to(all);
        other.add_to(all);
        BOOST_TEST_REQUIRE(all.size() == 2u);
        return all[{"wxapp", breaker_of::logins}];
    };
    using counts = client_round_trips::breaker_states;
    BOOST_TEST((states() == counts{2, 0, 0}));
    BOOST_TEST(changing.admit(noon));
    changing.failed(noon);
    BOOST_TEST((states() == counts{1, 1, 0}));
    BOOST_TEST(changing.admit(noon + 1s));
    BOOST_TEST((states() == counts{1, 0, 1}));
    changing.gave_up();
    BOOST_TEST((states() == counts{1, 1, 0}));
    BOOST_TEST(changing.admit(noon + 1s));
    changing.succeeded();
    BOOST_TEST((states() == counts{2, 0, 0}));
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/wechat/token_schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace wxlogind;
using namespace wxlogind::wechat;
using namespace std::chrono_literals;
using schedule = wxlogind::wechat::token_schedule; // the suite has that name, too
using advice = schedule::advice;

namespace {

constexpr schedule::time_point start{std::chrono::hours{1000}};

access_token token(std::string_view text, schedule::time_point expires) {
    return {.text = secret{text}, .expires = expires};
}

std::string_view text_of(const std::optional<access_token>& served) {
    return served ? served->text.reveal() : std::string_view{"none"};
}

struct with_token {
    schedule it;
    with_token() {
        it.adopt(token("one", start + 7200s), start, 0);
        (void)it.serve(start);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(token_schedule)

BOOST_AUTO_TEST_CASE(without_a_token_there_is_nothing_to_serve_and_nothing_due) {
    schedule it;
    BOOST_TEST(!it.serve(start));
    BOOST_TEST(!it.is_due(start + 24h));
    BOOST_TEST((it.about_rejected(secret{std::string_view{"x"}}, start) == advice::fetch));
}

BOOST_FIXTURE_TEST_CASE(a_token_is_served_until_ten_seconds_before_its_end, with_token) {
    BOOST_TEST(text_of(it.serve(start + 7189s)) == "one");
    BOOST_TEST(text_of(it.serve(start + 7190s)) == "none");
}

BOOST_FIXTURE_TEST_CASE(
    it_is_renewed_in_its_last_five_minutes_and_served_until_the_new_one_has_come, with_token) {
    BOOST_TEST(!it.is_due(start + 6904s));
    BOOST_TEST(it.is_due(start + 6905s));
    BOOST_TEST(text_of(it.serve(start + 6905s)) == "one");
    it.adopt(token("two", start + 6906s + 7200s), start + 6906s, 0);
    BOOST_TEST(text_of(it.serve(start + 6906s)) == "two");
    BOOST_TEST(!it.is_due(start + 6906s));
}

BOOST_AUTO_TEST_CASE(servers_renew_at_times_of_their_own) {
    std::set<schedule::time_point> times;
    for (std::uint32_t chance = 0; chance < 600; chance += 7) {
        schedule it;
        (void)it.serve(start);
        it.adopt(token("one", start + 7200s), start, chance);
        auto at = start + 6900s;
        while (!it.is_due(at)) at += 1s;
        BOOST_TEST((at >= start + 6905s && at <= start + 6965s));
        times.insert(at);
    }
    BOOST_TEST(times.size() > 30u);
}

BOOST_FIXTURE_TEST_CASE(
    where_the_same_one_comes_again_it_is_asked_for_again_soon_but_not_at_once, with_token) {
    it.adopt(token("one", start + 7200s), start + 6905s, 60);
    BOOST_TEST(!it.is_due(start + 6909s));
    BOOST_TEST(it.is_due(start + 6965s));
    it.adopt(token("one", start + 7200s), start + 7000s, 60);
    BOOST_TEST(!it.is_due(start + 7004s));
    BOOST_TEST(it.is_due(start + 7005s));
    // It is no younger for that.
    BOOST_TEST((it.adopted() == start));
}

BOOST_AUTO_TEST_CASE(what_nobody_has_asked_for_in_two_hours_is_not_renewed) {
    schedule it;
    (void)it.serve(start);
    it.adopt(token("one", start + 7200s), start, 60);
    BOOST_TEST(it.is_due(start + 7199s));
    BOOST_TEST(!it.is_due(start + 7200s));
    (void)it.serve(start + 9000s);
    BOOST_TEST(it.is_due(start + 9000s));
}

BOOST_FIXTURE_TEST_CASE(only_the_token_that_is_given_out_is_checked_when_somebody_complains, with_token) {
    const secret one{std::string_view{"one"}};
    BOOST_TEST((it.about_rejected(secret{std::string_view{"older"}}, start) == advice::serve));
    BOOST_TEST((it.about_rejected(one, start) == advice::check));
    it.confirm(start);
    BOOST_TEST((it.about_rejected(one, start + 4999ms) == advice::serve));
    BOOST_TEST((it.about_rejected(one, start + 5s) == advice::check));
    // What is trusted is that token, not its successor.
    it.confirm(start + 10s);
    it.adopt(token("two", start + 7200s), start + 10s, 0);
    BOOST_TEST((it.about_rejected(secret{std::string_view{"two"}}, start + 11s) == advice::check));
    BOOST_TEST((it.about_rejected(one, start + 11s) == advice::serve));
}

BOOST_AUTO_TEST_CASE(after_a_failure_wechat_is_left_alone_for_longer_and_longer) {
    schedule it;
    (void)it.serve(start);
    auto now = start;
    std::vector<std::int64_t> pauses;
    for (int i = 0; i < 8; ++i) {
        it.failed({errc::wechat_misconfigured, "why", 40125}, now, 1000);
        const auto why = it.standing_failure(now);
        BOOST_TEST_REQUIRE(why.has_value());
        BOOST_TEST(why->wechat_errcode == 40125);
        pauses.push_back(why->retry_after.count());
        now += why->retry_after;
        BOOST_TEST(!it.standing_failure(now).has_value());
    }
    const std::vector<std::int64_t> wanted{1, 2, 4, 8, 16, 30, 30, 30};
    BOOST_TEST(pauses == wanted, boost::test_tools::per_element());
    // Half of a pause is chance.
    it.failed(errc::wechat_unavailable, now, 0);
    BOOST_TEST(it.standing_failure(now)->retry_after.count() == 15);
    // What WeChat itself wants is more.
    failure limited{errc::rate_limited, "limit", 45009};
    limited.retry_after = 3600s;
    it.failed(limited, now, 0);
    BOOST_TEST(it.standing_failure(now)->retry_after.count() == 3600);
    it.forget_failure();
    BOOST_TEST(!it.standing_failure(now).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_failed_renewal_costs_nobody_the_token_there_is, with_token) {
    it.failed(errc::wechat_unavailable, start + 6905s, 1000);
    BOOST_TEST(text_of(it.serve(start + 6905s)) == "one");
    BOOST_TEST(!it.is_due(start + 6905s));
    BOOST_TEST(it.is_due(start + 6906s));
}

BOOST_AUTO_TEST_SUITE_END()

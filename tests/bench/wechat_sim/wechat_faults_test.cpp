#include "bench/wechat-sim/faults/bodies.hpp"
#include "bench/wechat-sim/faults/faults.hpp"
#include "bench/wechat-sim/faults/latency_model.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

using namespace wxlogind::wechat_sim;

namespace {

fault_rule rule_of(fault_kind kind) {
    fault_rule rule;
    rule.kind = kind;
    return rule;
}

bool strikes(faults& from, std::string_view appid = "wx", std::string_view user = "alice") {
    const auto is_user = [user](std::string_view name) { return name == user; };
    return from.strike_request({"/sns/jscode2session", appid, is_user}).fault != nullptr;
}

// Which of a thousand requests a fault with probability 0.3 strikes.
std::vector<bool> pattern_of(std::uint64_t seed) {
    faults from{seed};
    fault_rule rule = rule_of(fault_kind::hang);
    rule.probability = 0.3;
    (void)from.order(rule);
    std::vector<bool> pattern(1000);
    for (auto each : pattern) each = strikes(from);
    return pattern;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wechat_faults)

BOOST_AUTO_TEST_CASE(nothing_strikes_when_nothing_was_ordered) {
    faults none{0};
    BOOST_TEST(!none.may_strike_requests());
    BOOST_TEST(none.strike_accept() == nullptr);
    BOOST_TEST(!strikes(none));
}

BOOST_AUTO_TEST_CASE(a_fault_with_a_count_strikes_that_often) {
    faults some{0};
    fault_rule rule = rule_of(fault_kind::hang);
    rule.count = 2;
    (void)some.order(rule);
    BOOST_TEST(strikes(some));
    BOOST_TEST(strikes(some));
    BOOST_TEST(!some.may_strike_requests());
    BOOST_TEST(!strikes(some));
    BOOST_TEST(some.list().front().hits == 2u);
}

BOOST_AUTO_TEST_CASE(a_fault_without_a_count_strikes_until_it_is_taken_back) {
    faults some{0};
    const auto id = some.order(rule_of(fault_kind::hang));
    for (int index = 0; index < 100; ++index) BOOST_TEST(strikes(some));
    BOOST_TEST(!some.take_back(*id + 1));
    BOOST_TEST(some.take_back(*id));
    BOOST_TEST(!strikes(some));
    (void)some.order(rule_of(fault_kind::hang));
    some.take_back_all();
    BOOST_TEST(!strikes(some));
}

BOOST_AUTO_TEST_CASE(a_fault_meets_only_the_app_and_the_user_it_is_for) {
    faults some{0};
    fault_rule rule = rule_of(fault_kind::hang);
    rule.appid = "wx-one";
    rule.user = "bob";
    (void)some.order(rule);
    BOOST_TEST(!strikes(some, "wx-one", "alice"));
    BOOST_TEST(!strikes(some, "wx-two", "bob"));
    BOOST_TEST(strikes(some, "wx-one", "bob"));
}

BOOST_AUTO_TEST_CASE(chance_repeats_with_the_seed) {
    const auto pattern = pattern_of(5);
    const auto hits = std::ranges::count(pattern, true);
    BOOST_TEST(hits > 230);
    BOOST_TEST(hits < 370);
    BOOST_TEST((pattern == pattern_of(5)));
    BOOST_TEST((pattern != pattern_of(6)));
}

BOOST_AUTO_TEST_CASE(a_fault_of_one_call_leaves_the_others_alone) {
    faults some{0};
    fault_rule rule = rule_of(fault_kind::hang);
    rule.path = "/cgi-bin/stable_token";
    (void)some.order(rule);
    BOOST_TEST(!strikes(some));
    BOOST_TEST((some.strike_request({.path = "/cgi-bin/stable_token"}).fault != nullptr));
}

BOOST_AUTO_TEST_CASE(of_two_faults_the_older_strikes_until_it_is_used_up) {
    faults some{0};
    fault_rule first = rule_of(fault_kind::reset_after);
    first.count = 1;
    (void)some.order(first);
    (void)some.order(rule_of(fault_kind::hang));
    BOOST_TEST((some.strike_request({}).fault->kind == fault_kind::reset_after));
    BOOST_TEST((some.strike_request({}).fault->kind == fault_kind::hang));
}

BOOST_AUTO_TEST_CASE(latency_goes_together_with_another_fault) {
    faults some{0};
    fault_rule late = rule_of(fault_kind::latency);
    late.latency = *latency_model::parse("fixed:80");
    (void)some.order(late);
    (void)some.order(rule_of(fault_kind::hang));
    const struck both = some.strike_request({});
    BOOST_TEST(both.latency.value().count() == 80);
    BOOST_TEST((both.fault->kind == fault_kind::hang));
}

BOOST_AUTO_TEST_CASE(faults_of_connections_and_of_requests_do_not_mix) {
    faults some{0};
    (void)some.order(rule_of(fault_kind::refuse_accept));
    BOOST_TEST(!some.may_strike_requests());
    BOOST_TEST(!strikes(some));
    BOOST_TEST((some.strike_accept()->kind == fault_kind::refuse_accept));
}

BOOST_AUTO_TEST_CASE(a_thousand_faults_are_enough_and_used_up_ones_make_room) {
    faults some{0};
    fault_rule once = rule_of(fault_kind::hang);
    once.count = 1;
    (void)some.order(once);
    for (int index = 1; index < 1000; ++index)
        BOOST_TEST_REQUIRE(some.order(rule_of(fault_kind::html)).has_value());
    BOOST_TEST(!some.order(once).has_value());
    BOOST_TEST(strikes(some));
    BOOST_TEST(some.order(once).has_value());
}

BOOST_AUTO_TEST_CASE(the_name_of_every_kind_reads_back) {
    for (int index = 0; index <= static_cast<int>(fault_kind::two_responses); ++index) {
        const auto kind = static_cast<fault_kind>(index);
        BOOST_TEST((parse_fault_kind(to_string(kind)) == kind));
    }
    BOOST_TEST(!parse_fault_kind("nonsense").has_value());
}

BOOST_AUTO_TEST_CASE(latencies_are_drawn_as_they_are_written) {
    generator numbers{3};
    const auto draws = [&numbers](std::string_view text) {
        const auto model = latency_model::parse(text);
        std::vector<std::int64_t> drawn(10'001);
        for (auto& each : drawn) each = model.value().draw(numbers).count();
        std::ranges::sort(drawn);
        return drawn;
    };
    const auto fixed = draws("fixed:80");
    BOOST_TEST(fixed.front() == 80);
    BOOST_TEST(fixed.back() == 80);
    const auto uniform = draws("uniform:30:600");
    BOOST_TEST(uniform.front() >= 30);
    BOOST_TEST(uniform.back() <= 600);
    BOOST_TEST(std::abs(uniform[5000] - 315) < 20);
    const auto lognormal = draws("lognormal:80:0.6");
    BOOST_TEST(std::abs(lognormal[5000] - 80) < 5);
    BOOST_TEST(std::abs(lognormal[8413] - 146) < 12); // one deviation up: 80 · e^0.6
}

BOOST_AUTO_TEST_CASE(latencies_that_make_no_sense_are_refused) {
    for (const std::string_view text :
         {"", "80", "fixed", "fixed:", "fixed:x", "fixed:-1", "fixed:600001", "uniform:30", "uniform:9:8",
          "lognormal:80", "lognormal:80:11", "normal:80:1", "fixed:nan", "fixed:80ms"})
        BOOST_TEST(!latency_model::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_stored_gzip_member_is_exact) {
    using namespace std::string_view_literals;
    // As gzip itself unpacks it: echo … | xxd -r -p | gunzip.
    BOOST_TEST((
        gzip_stored("hi") == "\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x02\0\xfd\xffhi\xac\x2a\x93\xd8\x02\0\0\0"sv));
    BOOST_TEST(gzip_stored(std::string(70'000, 'x')).size() == 70'000u + 10 + 2 * 5 + 8);
}

BOOST_AUTO_TEST_CASE(the_large_bodies_are_as_large_as_they_say) {
    BOOST_TEST(named_body("huge")->size() > std::size_t{10} << 20);
    BOOST_TEST(named_body("long_openid")->size() > std::size_t{10} << 10);
    BOOST_TEST(named_body("depth_1000")->size() == 2000u);
    BOOST_TEST(named_body("empty")->empty());
    BOOST_TEST(!named_body("nonsense").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

#include "handlers/admission/request_limits.hpp"

#include "handlers/problem.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace std::chrono_literals;

namespace {

constexpr rate_table::time_point start{1000h};

limits_settings tight() {
    limits_settings settings;
    settings.logins_per_address = 3;
    settings.requests_per_user = 2;
    settings.logins_per_app = 4;
    return settings;
}

unsigned allowed_from(handlers::request_limits& limits, const char* address, unsigned tries = 10) {
    unsigned allowed = 0;
    for (unsigned i = 0; i < tries; ++i)
        allowed += limits.admit_address(boost::asio::ip::make_address(address), start) ? 1 : 0;
    return allowed;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_limits)

BOOST_AUTO_TEST_CASE(ipv4_is_limited_by_address_and_ipv6_by_network) {
    handlers::request_limits limits{tight(), start};
    BOOST_TEST(allowed_from(limits, "203.0.113.1") == 3u);
    BOOST_TEST(allowed_from(limits, "203.0.113.2") == 3u);
    BOOST_TEST(allowed_from(limits, "::ffff:203.0.113.1") == 0u);
    BOOST_TEST(allowed_from(limits, "2001:db8:1:2::1") == 3u);
    BOOST_TEST(allowed_from(limits, "2001:db8:1:2:ffff:ffff:ffff:ffff") == 0u);
    BOOST_TEST(allowed_from(limits, "2001:db8:1:3::1") == 3u);
}

BOOST_AUTO_TEST_CASE(a_proxy_of_ours_that_is_not_named_as_one_does_not_lock_everybody_out) {
    handlers::request_limits limits{tight(), start};
    for (const auto* ours : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::"})
        BOOST_TEST(allowed_from(limits, ours) == 10u);
}

BOOST_AUTO_TEST_CASE(apps_users_and_openids_have_quotas_of_their_own) {
    handlers::request_limits limits{tight(), start};
    for (int i = 0; i < 4; ++i) BOOST_TEST(limits.admit_app("wx1", nullptr, start).has_value());
    BOOST_TEST(!limits.admit_app("wx1", nullptr, start));
    BOOST_TEST(limits.admit_app("wx2", nullptr, start).has_value());

    user_id one;
    user_id other;
    other.bytes[15] = 1;
    for (int i = 0; i < 2; ++i) BOOST_TEST(limits.admit_user(one, start).has_value());
    BOOST_TEST(!limits.admit_user(one, start));
    BOOST_TEST(limits.admit_user(other, start).has_value());

    for (int i = 0; i < 2; ++i) BOOST_TEST(limits.admit_identity("wx1", "o1", start).has_value());
    BOOST_TEST(!limits.admit_identity("wx1", "o1", start));
    BOOST_TEST(limits.admit_identity("wx2", "o1", start).has_value());
    BOOST_TEST(limits.admit_identity("wx1", "o2", start).has_value());
}

BOOST_AUTO_TEST_CASE(an_app_with_a_quota_of_its_own_has_that_one) {
    handlers::request_limits limits{tight(), start};
    const rate* const own = handlers::rate_of_app(2);
    for (int i = 0; i < 2; ++i) BOOST_TEST(limits.admit_app("wx1", own, start).has_value());
    const auto refused = limits.admit_app("wx1", own, start);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().quota->quota == 2u);
    for (int i = 0; i < 4; ++i) BOOST_TEST(limits.admit_app("wx2", nullptr, start).has_value());
}

BOOST_AUTO_TEST_CASE(changed_quotas_count_at_once) {
    handlers::request_limits limits{tight(), start};
    BOOST_TEST(allowed_from(limits, "203.0.113.1") == 3u);
    limits_settings settings = tight();
    settings.logins_per_address = 1;
    settings.requests_per_user = 0;
    limits.change(settings);
    BOOST_TEST(allowed_from(limits, "203.0.113.2") == 1u);
    for (int i = 0; i < 100; ++i) BOOST_TEST(limits.admit_user({}, start).has_value());
}

BOOST_AUTO_TEST_CASE(zero_is_no_limit) {
    limits_settings settings;
    settings.logins_per_address = settings.requests_per_user = settings.logins_per_app = 0;
    handlers::request_limits limits{settings, start};
    BOOST_TEST(allowed_from(limits, "203.0.113.1", 10000) == 10000u);
    for (int i = 0; i < 10000; ++i) BOOST_TEST(limits.admit_user({}, start).has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_says_when_to_come_back_and_what_the_quota_is) {
    handlers::request_limits limits{tight(), start};
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(limits.admit_address(boost::asio::ip::make_address("203.0.113.1"), start).has_value());
    const auto refused = limits.admit_address(boost::asio::ip::make_address("203.0.113.1"), start + 500ms);
    BOOST_TEST_REQUIRE(refused.has_error());
    const auto answer = handlers::problem_response(refused.error(), "id");
    BOOST_TEST(answer.status == 429u);
    const auto field = [&](std::string_view name) {
        for (const auto& [given, value] : answer.fields)
            if (given == name) return value;
        return std::string{};
    };
    // 19.5 s until the next of three a minute.
    BOOST_TEST(field("Retry-After") == "20");
    BOOST_TEST(field("RateLimit-Policy") == "\"address\";q=3;w=60");
    BOOST_TEST(field("RateLimit") == "\"address\";r=0;t=20");
    BOOST_TEST(answer.body.find("203.0.113.1") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

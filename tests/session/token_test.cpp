#include "core/session/token.hpp"

#include "core/base/random.hpp"
#include "tests/session/session_fixtures.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;
using test::signing_key_of;

namespace {

constexpr unix_seconds now{1'800'000'000s};

const token_rules rules{.issuer = "wxlogind"};

token_claims alice() {
    token_claims claims;
    claims.appid = "wx0123456789abcdef";
    claims.user = parse_user_id("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").value();
    claims.sid = 42;
    claims.openid = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";
    claims.issued = now;
    claims.expires = now + 2h;
    return claims;
}

const keyring& keys() {
    static const keyring all = test::keyring_of(
        {signing_key_of("active", key_state::active, 'a'), signing_key_of("passive", key_state::passive, 'p'),
         signing_key_of("retired", key_state::retired, 'r')});
    return all;
}

bool is_refused(std::string_view token, unix_seconds at = now, const token_rules& by = rules) {
    const auto claims = verify_token(token, by, keys(), at);
    return !claims.has_value() && claims.error().code == errc::invalid_token && claims.error().detail.empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(token)

BOOST_AUTO_TEST_CASE(a_token_is_a_jwt_with_the_documented_header_and_claims) {
    const std::string token = issue_token(alice(), rules, keys());
    BOOST_TEST(
        token == test::sign(
                     R"({"alg":"HS256","typ":"wxsess+jwt","kid":"active"})",
                     R"({"iss":"wxlogind","aud":"wx0123456789abcdef",)"
                     R"("sub":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","sid":"42","iat":1800000000,)"
                     R"("exp":1800007200,"openid":"oGZUI0egBJY1zhBYw2KhdUfwVJJE"})",
                     keys().active().bytes));
}

BOOST_AUTO_TEST_CASE(an_openid_may_be_left_out) {
    auto claims = alice();
    claims.openid.clear();
    const std::string token = issue_token(claims, rules, keys());
    BOOST_TEST(base64url_decode(token.substr(token.find('.') + 1, 8))->starts_with("{"));
    BOOST_TEST((verify_token(token, rules, keys(), now).value() == claims));
}

BOOST_AUTO_TEST_CASE(whatever_claims_were_issued_are_verified) {
    std::mt19937_64 random{20261122};
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    const std::string_view pieces[] = {"a",    "\"", "\\", "\n", "\t", "\x01",
                                       "\x7f", "/",  "é",  "微", "😀", " "};
    const auto text = [&](std::uint64_t at_most) {
        std::string made;
        for (auto left = below(at_most + 1); left > 0; --left) made += pieces[below(std::size(pieces))];
        return made;
    };
    for (int round = 0; round < 20'000; ++round) {
        token_claims claims;
        claims.appid = text(20);
        fill_random(claims.user.bytes);
        claims.sid = static_cast<session_id>(random() >> (1 + below(63)));
        claims.openid = text(40);
        claims.issued = unix_seconds{std::chrono::seconds{random() >> (11 + below(53))}};
        claims.expires = unix_seconds{std::chrono::seconds{random() >> (11 + below(53))}};
        const token_rules by{.issuer = text(10)};
        const auto at = claims.issued;
        const auto verified = verify_token(issue_token(claims, by, keys()), by, keys(), at);
        if (claims.expires + by.max_skew > at)
            BOOST_REQUIRE((verified.has_value() && *verified == claims));
        else
            BOOST_REQUIRE(!verified.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_token_of_a_passive_key_is_verified_and_of_a_retired_or_lost_one_not) {
    const auto signed_by = [](const char* kid, char filling) {
        return issue_token(
            alice(), rules, test::keyring_of({signing_key_of(kid, key_state::active, filling)}));
    };
    BOOST_TEST(verify_token(signed_by("passive", 'p'), rules, keys(), now).has_value());
    BOOST_TEST(is_refused(signed_by("retired", 'r')));
    BOOST_TEST(is_refused(signed_by("lost", 'a')));
    BOOST_TEST(is_refused(signed_by("passive", 'a')));
    BOOST_TEST(is_refused(signed_by("active", 'p')));
}

BOOST_AUTO_TEST_CASE(a_token_serves_from_its_issue_to_its_end_give_or_take_the_skew) {
    const std::string token = issue_token(alice(), rules, keys());
    const auto serves = [&](unix_seconds at) { return !is_refused(token, at); };
    BOOST_TEST(!serves(now - 61s));
    BOOST_TEST(serves(now - 60s));
    BOOST_TEST(serves(now + 2h));
    BOOST_TEST(serves(now + 2h + 59s));
    BOOST_TEST(!serves(now + 2h + 60s));
    BOOST_TEST(!serves(now + 2h + 61s));
    BOOST_TEST(!serves(now + 24h * 365));
    BOOST_TEST(is_refused(token, now + 2h, {.issuer = "wxlogind", .max_skew = 0s}));
    BOOST_TEST(is_refused(token, now - 1s, {.issuer = "wxlogind", .max_skew = 0s}));
}

BOOST_AUTO_TEST_CASE(a_token_of_another_issuer_is_refused) {
    const std::string token = issue_token(alice(), rules, keys());
    for (const auto* issuer : {"", "wxlogin", "wxlogind2", "WXLOGIND"})
        BOOST_TEST(is_refused(token, now, {.issuer = issuer}), issuer);
}

BOOST_AUTO_TEST_CASE(a_token_with_any_bit_flipped_is_refused) {
    std::string token = issue_token(alice(), rules, keys());
    for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
        const char flip = static_cast<char>(1u << bit % 8);
        token[bit / 8] = static_cast<char>(token[bit / 8] ^ flip);
        BOOST_REQUIRE(is_refused(token));
        token[bit / 8] = static_cast<char>(token[bit / 8] ^ flip);
    }
    BOOST_TEST(!is_refused(token));
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/session/refresh_token.hpp"

#include "core/base/random.hpp"
#include "tests/session/session_fixtures.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <random>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;
using test::signing_key_of;

namespace {

constexpr unix_seconds now{1'800'000'000s};
constexpr refresh_claims claims{.sid = 42, .generation = 7, .expires = now + 720h};

const keyring& keys() {
    static const keyring all = test::keyring_of(
        {signing_key_of("active", key_state::active, 'a'), signing_key_of("passive", key_state::passive, 'p'),
         signing_key_of("retired", key_state::retired, 'r')});
    return all;
}

keyring only(char filling) {
    return test::keyring_of({signing_key_of("only", key_state::active, filling)});
}

bool is_refused(std::string_view token, unix_seconds at = now) {
    const auto read = verify_refresh_token(token, keys(), at);
    return !read.has_value() && read.error().code == errc::invalid_token && read.error().detail.empty();
}

// A token over other bytes, with a right MAC.
std::string sign_bytes(std::string bytes) {
    const sha256_digest mac = keys().signer().refresh_mac(bytes);
    return base64url_encode(bytes.append(as_text(mac).substr(0, 20)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(refresh_token)

BOOST_AUTO_TEST_CASE(whatever_claims_were_issued_are_verified) {
    std::mt19937_64 random{20261122};
    for (int round = 0; round < 20'000; ++round) {
        const refresh_claims made{
            .sid = static_cast<session_id>(random() >> (1 + random() % 63)),
            .generation = static_cast<std::uint32_t>(random()),
            .expires = unix_seconds{std::chrono::seconds{1 + (random() >> (1 + random() % 63))}}};
        if (made.expires.time_since_epoch().count() <= 0) continue;
        const auto read = verify_refresh_token(issue_refresh_token(made, keys()), keys(), made.expires - 1s);
        BOOST_REQUIRE((read.has_value() && *read == made));
    }
}

BOOST_AUTO_TEST_CASE(a_token_has_60_characters_of_base64url) {
    const std::string token = issue_refresh_token(claims, keys());
    BOOST_TEST(token.size() == 60u);
    BOOST_TEST(base64url_decode(token).has_value());
}

BOOST_AUTO_TEST_CASE(a_token_of_a_passive_key_is_verified_and_of_a_retired_or_lost_one_not) {
    BOOST_TEST(verify_refresh_token(issue_refresh_token(claims, only('p')), keys(), now).has_value());
    BOOST_TEST(is_refused(issue_refresh_token(claims, only('r'))));
    BOOST_TEST(is_refused(issue_refresh_token(claims, only('x'))));
}

BOOST_AUTO_TEST_CASE(a_token_serves_until_it_expires) {
    const std::string token = issue_refresh_token(claims, keys());
    BOOST_TEST(!is_refused(token, claims.expires - 1s));
    BOOST_TEST(is_refused(token, claims.expires));
    BOOST_TEST(is_refused(token, claims.expires + 1s));
}

BOOST_AUTO_TEST_CASE(a_token_with_any_bit_flipped_is_refused) {
    std::string token = issue_refresh_token(claims, keys());
    for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
        const char flip = static_cast<char>(1u << bit % 8);
        token[bit / 8] = static_cast<char>(token[bit / 8] ^ flip);
        BOOST_REQUIRE(is_refused(token));
        token[bit / 8] = static_cast<char>(token[bit / 8] ^ flip);
    }
    BOOST_TEST(!is_refused(token));
}

BOOST_AUTO_TEST_CASE(garbage_is_refused) {
    const std::string token = issue_refresh_token(claims, keys());
    for (std::size_t size = 0; size < token.size(); ++size) BOOST_TEST(is_refused(token.substr(0, size)));
    for (const auto* more : {"A", "AAAA", "=", ".", " ", "\n"}) {
        BOOST_TEST(is_refused(token + more));
        BOOST_TEST(is_refused(more + token));
    }
    for (std::size_t size = 0; size < 200; ++size)
        BOOST_TEST(is_refused(base64url_encode(random_bytes(size))));
    BOOST_TEST(is_refused(std::string(1 << 20, 'A')));
}

BOOST_AUTO_TEST_CASE(another_version_or_numbers_out_of_range_are_refused_with_a_right_mac) {
    const std::string bytes = base64url_decode(issue_refresh_token(claims, keys())).value().substr(0, 25);
    BOOST_TEST(!is_refused(sign_bytes(bytes)));
    const auto with = [&](std::size_t at, char byte) {
        std::string changed = bytes;
        changed[at] = byte;
        return sign_bytes(changed);
    };
    BOOST_TEST(is_refused(with(0, 0)));
    BOOST_TEST(is_refused(with(0, 2)));
    BOOST_TEST(is_refused(with(1, static_cast<char>(bytes[1] ^ 1)))); // the hint
    BOOST_TEST(is_refused(with(5, '\x80')));                          // a negative sid
    BOOST_TEST(is_refused(with(17, '\x80')));                         // an end before 1970
}

BOOST_AUTO_TEST_CASE(a_session_token_is_no_refresh_token_and_the_other_way_round) {
    token_claims session_claims;
    session_claims.expires = now + 1h;
    const token_rules rules{.issuer = "wxlogind"};
    BOOST_TEST(is_refused(issue_token(session_claims, rules, keys())));
    BOOST_TEST(!verify_token(issue_refresh_token(claims, keys()), rules, keys(), now).has_value());
    // Nor does the MAC of the signing key itself serve.
    std::string bytes = base64url_decode(issue_refresh_token(claims, keys())).value().substr(0, 25);
    const sha256_digest mac = keys().signer().token_mac(bytes);
    BOOST_TEST(is_refused(base64url_encode(bytes.append(as_text(mac).substr(0, 20)))));
}

BOOST_AUTO_TEST_SUITE_END()

#include "core/session/keyring.hpp"

#include "tests/session/session_fixtures.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::session;
using test::keyring_of;
using test::sealing_key_of;
using test::signing_key_of;

namespace {

std::string refusal_of(std::vector<signing_key> signing, std::vector<sealing_key> sealing) {
    try {
        const keyring keys{std::move(signing), std::move(sealing)};
    } catch (const keyring_error& error) {
        return error.what();
    }
    return {};
}

std::string refusal_of_signing(std::vector<signing_key> signing) {
    return refusal_of(std::move(signing), {sealing_key_of(1)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(keyring)

BOOST_AUTO_TEST_CASE(the_active_key_signs_and_passive_ones_verify_too) {
    const auto keys = keyring_of(
        {signing_key_of("old", key_state::passive, 'o'), signing_key_of("gone", key_state::retired, 'g'),
         signing_key_of("new", key_state::active, 'n')});
    BOOST_TEST(keys.active().kid == "new");
    BOOST_TEST(keys.signing_keys().size() == 3u);
    BOOST_TEST_REQUIRE(keys.verifiers().size() == 2u);
    BOOST_TEST(
        base64url_decode(keys.signer().token_header).value() ==
        R"({"alg":"HS256","typ":"wxsess+jwt","kid":"new"})");
    BOOST_TEST(
        base64url_decode(keys.verifiers()[1].token_header).value() ==
        R"({"alg":"HS256","typ":"wxsess+jwt","kid":"old"})");
}

BOOST_AUTO_TEST_CASE(a_keyring_without_exactly_one_active_key_is_refused) {
    BOOST_TEST(refusal_of_signing({}).starts_with("no signing key is active"));
    BOOST_TEST(refusal_of_signing({signing_key_of("a", key_state::passive)})
                   .starts_with("no signing key is active"));
    BOOST_TEST(refusal_of_signing({signing_key_of("a"), signing_key_of("b")})
                   .starts_with("more than one signing key is active"));
}

BOOST_AUTO_TEST_CASE(a_kid_is_short_and_plain_and_there_once) {
    for (const auto* kid : {"", "a b", "../../etc/passwd", "k' OR '1'='1", "k\"", "kid\n", "ключ"})
        BOOST_TEST(refusal_of_signing({signing_key_of(kid)}).find("malformed") != std::string::npos, kid);
    BOOST_TEST(!refusal_of_signing({signing_key_of(std::string(33, 'a'))}).empty());
    BOOST_TEST(!refusal_of_signing({signing_key_of(std::string("a\0b", 3))}).empty());
    BOOST_TEST(refusal_of_signing({signing_key_of(std::string(32, 'a'))}).empty());
    BOOST_TEST(refusal_of_signing({signing_key_of("aZ09-_")}).empty());
    BOOST_TEST(
        refusal_of_signing({signing_key_of("a"), signing_key_of("a", key_state::retired)}) ==
        "kid \"a\" is there twice: every key needs its own");
}

BOOST_AUTO_TEST_CASE(a_signing_key_has_at_least_32_bytes) {
    auto key = signing_key_of("short");
    key.bytes = secret{std::string(31, 'k')};
    const auto refusal = refusal_of_signing({key});
    BOOST_TEST(refusal.starts_with("signing key \"short\" has fewer than 32 bytes"));
    BOOST_TEST(refusal.find("kkk") == std::string::npos);
    key.bytes = secret{std::string(64, 'k')};
    BOOST_TEST(refusal_of_signing({key}).empty());
}

BOOST_AUTO_TEST_CASE(sealing_keys_are_there_have_32_bytes_and_differ_by_id) {
    BOOST_TEST(refusal_of({signing_key_of("a")}, {}) == "no sealing key");
    BOOST_TEST(
        refusal_of({signing_key_of("a")}, {{7, secret{std::string(16, 's')}}}) ==
        "sealing key 7 is not 32 bytes");
    BOOST_TEST(
        refusal_of({signing_key_of("a")}, {sealing_key_of(7), sealing_key_of(7, 't')}) ==
        "sealing key 7 is there twice");
}

BOOST_AUTO_TEST_CASE(keys_for_different_purposes_differ) {
    const auto keys = keyring_of({signing_key_of("a")});
    BOOST_TEST((keys.signer().token_mac("text") != keys.signer().refresh_mac("text")));
}

BOOST_AUTO_TEST_SUITE_END()

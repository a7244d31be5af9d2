#include "core/session/keyring_text.hpp"

#include "tests/session/session_fixtures.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;
using test::sealing_key_of;
using test::signing_key_of;

namespace {

const std::string secret_line = "secret = \"" + std::string(43, 'A') + "\"\n";

std::string signing_table(const std::string& kid, const std::string& state = "active") {
    return "[[signing_keys]]\nkid = \"" + kid + "\"\nstate = \"" + state +
           "\"\ncreated = 2026-01-31T12:00:00Z\n" + secret_line;
}

std::string sealing_table(const std::string& id = "1") {
    return "[[sealing_keys]]\nid = " + id + "\n" + secret_line;
}

std::string refusal_of(std::string_view text) {
    try {
        static_cast<void>(parse_keyring(text));
    } catch (const keyring_error& error) {
        return error.what();
    }
    return {};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    BOOST_TEST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

const std::string good = signing_table("one") + sealing_table();

} // namespace

BOOST_AUTO_TEST_SUITE(keyring_text)

BOOST_AUTO_TEST_CASE(what_was_rendered_is_read_again) {
    std::vector<signing_key> signing{
        signing_key_of("old", key_state::passive, 'o'), signing_key_of("new", key_state::active, 'n'),
        signing_key_of("gone", key_state::retired, 'g')};
    signing[0].created = std::chrono::sys_days{std::chrono::year{1999} / 12 / 31} + 23h + 59min + 59s;
    signing[1].created = std::chrono::sys_days{std::chrono::year{2026} / 1 / 2};
    const std::vector<sealing_key> sealing{sealing_key_of(4294967295, 'a'), sealing_key_of(0, 'b')};

    const auto keys = parse_keyring(render_keyring(signing, sealing));
    BOOST_TEST_REQUIRE(keys->signing_keys().size() == signing.size());
    for (std::size_t i = 0; i < signing.size(); ++i) {
        const signing_key& read = keys->signing_keys()[i];
        BOOST_TEST(read.kid == signing[i].kid);
        BOOST_TEST((read.state == signing[i].state));
        BOOST_TEST((read.bytes.reveal() == signing[i].bytes.reveal()));
        BOOST_TEST((read.created == signing[i].created));
    }
    const std::string envelope = sealer{sealing}.seal("plain", "place");
    BOOST_TEST(keys->sealer().open(envelope, "place").has_value());
}

BOOST_AUTO_TEST_CASE(a_time_with_an_offset_is_the_same_moment) {
    const auto keys = parse_keyring(replaced(good, "2026-01-31T12:00:00Z", "2026-01-31T20:00:00.5+08:00"));
    BOOST_TEST((render_utc(keys->active().created) == "2026-01-31T12:00:00Z"));
}

BOOST_AUTO_TEST_CASE(every_refusal_names_the_line_and_what_to_do) {
    BOOST_TEST(refusal_of(good) == "");
    const std::tuple<std::string, std::string, std::string> cases[] = {
        {"kid = \"one\"\n", "", "1: \"kid\" is missing"},
        {"kid = \"one\"", "kid = 1", "2: \"kid\" is not a string"},
        {"state = \"active\"", "state = \"actve\"", "3: \"state\" is \"active\", \"passive\" or \"retired\""},
        {"state = \"active\"", "state = true", "3: \"state\" is not a string"},
        {"2026-01-31T12:00:00Z", "\"2026-01-31T12:00:00Z\"",
         "4: \"created\" is not a time with offset, as 2026-01-31T12:00:00Z"},
        {"2026-01-31T12:00:00Z", "2026-01-31T12:00:00",
         "4: \"created\" is not a time with offset, as 2026-01-31T12:00:00Z"},
        {"AAA\"", "AA=\"", "5: \"secret\" is not base64url without padding"},
        {"AAA\"", "AA+\"", "5: \"secret\" is not base64url without padding"},
        {"AAA\"", "AAB\"", "5: \"secret\" is not base64url without padding"},
        {"\"AAAA", "\"-----BEGIN PRIVATE KEY-----AAAA",
         "5: \"secret\" holds a PEM: it has to be 32 random bytes in base64url"},
        {"\"AAAA", "\"{AAAA",
         "5: \"secret\" holds a JWK: take its member \"k\", or 32 random bytes in base64url"},
        {"id = 1", "id = -1", "7: \"id\" is not an integer from 0 to 4294967295"},
        {"id = 1", "id = 4294967296", "7: \"id\" is not an integer from 0 to 4294967295"},
        {"id = 1", "id = 1.0", "7: \"id\" is not an integer from 0 to 4294967295"},
        {"id = 1", "id = 1\nname = 2", "8: unknown name in this table: it may be a secret out of place"},
        {"state =", "algorithm = \"none\"\nstate =",
         "3: unknown name in this table: it may be a secret out of place"},
        {"[[signing_keys]]", "version = 2\n[[signing_keys]]",
         "1: unknown name in this table: it may be a secret out of place"},
        {"[[sealing_keys]]", "[sealing_keys]", "6: \"sealing_keys\" is not an array of tables"},
        {"state =", "state", "3: not TOML"},
        {"kid = \"one\"", "kid = \"one\"\nkid = \"two\"", "3: not TOML"},
    };
    for (const auto& [from, to, refusal] : cases)
        BOOST_TEST(refusal_of(replaced(good, from, to)) == refusal, from << " -> " << to);
    BOOST_TEST(refusal_of("signing_keys = [1]") == "1: \"signing_keys\" is not an array of tables");
}

BOOST_AUTO_TEST_CASE(what_the_keyring_refuses_is_refused_here_too) {
    BOOST_TEST(refusal_of(sealing_table()).starts_with("no signing key is active"));
    BOOST_TEST(refusal_of(signing_table("a")) == "no sealing key");
    BOOST_TEST(refusal_of(signing_table("a", "passive") + sealing_table()).starts_with("no signing key is"));
    BOOST_TEST(refusal_of(signing_table("a") + signing_table("b") + sealing_table())
                   .starts_with("more than one signing key is active"));
    BOOST_TEST(refusal_of(signing_table("a") + signing_table("a", "passive") + sealing_table())
                   .starts_with("kid \"a\" is there twice"));
    BOOST_TEST(refusal_of(good + sealing_table()) == "sealing key 1 is there twice");
    BOOST_TEST(refusal_of(replaced(good, "AA\"", "\"")).starts_with("\"secret\"") == false);
    BOOST_TEST(refusal_of(replaced(good, std::string(43, 'A'), std::string(42, 'A')))
                   .starts_with("signing key \"one\" has fewer than 32 bytes"));
}

BOOST_AUTO_TEST_CASE(other_kinds_of_files_are_recognised) {
    BOOST_TEST(refusal_of("-----BEGIN PRIVATE KEY-----\nAAAA\n").starts_with("a PEM, not a keyring"));
    BOOST_TEST(refusal_of("\n -----BEGIN EC PRIVATE KEY-----\n").starts_with("a PEM, not a keyring"));
    BOOST_TEST(refusal_of(R"({"kty":"oct","k":"AAAA"})").starts_with("a JWK or other JSON"));
    BOOST_TEST(refusal_of("").starts_with("empty"));
    BOOST_TEST(refusal_of(" \n\t").starts_with("empty"));
    BOOST_TEST(refusal_of("\x01\x02\x03") == "1: not TOML");
}

BOOST_AUTO_TEST_CASE(no_refusal_repeats_what_may_be_a_secret) {
    const std::string precious = "c2VjcmV0LWJ5dGVzLXRoYXQtbXVzdC1ub3QtbGVhaw";
    for (const auto& text : {
             precious,
             precious + " = 1",
             "x = " + precious,
             "x = \"" + precious,
             replaced(good, std::string(43, 'A'), precious + "="),
             replaced(good, "id = 1", "id = \"" + precious + '"'),
             replaced(good, "state = \"active\"", "state = \"" + precious + '"'),
             replaced(good, "kid = \"one\"", "kid = \"" + precious + '"'),
         }) {
        const std::string refusal = refusal_of(text);
        BOOST_TEST(!refusal.empty(), text);
        BOOST_TEST(refusal.find(precious.substr(0, 8)) == std::string::npos, refusal);
    }
}

BOOST_AUTO_TEST_SUITE_END()

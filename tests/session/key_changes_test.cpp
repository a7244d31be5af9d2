#include "core/session/key_changes.hpp"

#include "core/session/keyring_text.hpp"
#include "tests/session/session_fixtures.hpp"

#include <boost/test/unit_test.hpp>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;
using test::sealing_key_of;
using test::signing_key_of;

namespace {

constexpr unix_seconds noon{1'800'000'000s};

key_set two_keys() {
    key_set keys;
    keys.signing = {signing_key_of("old"), signing_key_of("new", key_state::passive, 'n')};
    keys.sealing = {sealing_key_of(1, 'a'), sealing_key_of(7, 'b')};
    return keys;
}

retirement at(unix_seconds now, bool at_once = false) {
    return {.now = now, .longest_token_life = 1h, .at_once = at_once};
}

template <class Change>
std::string refusal_of(Change change) {
    key_set keys = two_keys();
    try {
        change(keys);
    } catch (const keyring_error& error) {
        return error.what();
    }
    return {};
}

// As a process would take it.
keyring made_of(key_set keys) {
    return {std::move(keys.signing), std::move(keys.sealing)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_changes)

BOOST_AUTO_TEST_CASE(a_new_key_verifies_and_does_not_sign) {
    key_set keys = two_keys();
    const std::string kid = add_signing_key(keys, noon);
    BOOST_TEST_REQUIRE(keys.signing.size() == 3u);
    const signing_key& added = keys.signing.back();
    BOOST_TEST(added.kid == kid);
    BOOST_TEST((added.state == key_state::passive));
    BOOST_TEST((added.created == noon));
    BOOST_TEST(added.bytes.reveal().size() == 32u);
    BOOST_TEST(!added.passive_since.has_value());
    BOOST_TEST(add_signing_key(keys, noon) != kid);
    const keyring made = made_of(keys);
    BOOST_TEST(made.active().kid == "old");
    BOOST_TEST(made.verifiers().size() == 4u);
}

BOOST_AUTO_TEST_CASE(promoting_swaps_the_signer_and_notes_since_when_the_other_is_passive) {
    key_set keys = two_keys();
    promote_key(keys, "new", noon);
    BOOST_TEST((keys.signing[0].state == key_state::passive));
    BOOST_TEST((keys.signing[0].passive_since == noon));
    BOOST_TEST((keys.signing[1].state == key_state::active));
    BOOST_TEST(made_of(keys).active().kid == "new");
    // And back, should the new one have been a mistake.
    promote_key(keys, "old", noon + 1s);
    BOOST_TEST(!keys.signing[0].passive_since.has_value());
    BOOST_TEST((keys.signing[1].passive_since == noon + 1s));
    BOOST_TEST(made_of(keys).active().kid == "old");
}

BOOST_AUTO_TEST_CASE(a_key_is_retired_when_its_last_token_has_expired) {
    key_set keys = two_keys();
    promote_key(keys, "new", noon);
    BOOST_TEST((last_token_of(keys.signing[0], 1h) == noon + 1h));
    BOOST_CHECK_THROW(retire_key(keys, "old", at(noon + 1h - 1s)), keyring_error);
    BOOST_TEST((keys.signing[0].state == key_state::passive));
    retire_key(keys, "old", at(noon + 1h));
    BOOST_TEST((keys.signing[0].state == key_state::retired));
    BOOST_TEST(made_of(keys).verifiers().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_key_whose_tokens_live_is_retired_only_when_that_is_said) {
    key_set keys = two_keys();
    promote_key(keys, "new", noon);
    try {
        retire_key(keys, "old", at(noon));
        BOOST_ERROR("it was retired");
    } catch (const keyring_error& error) {
        BOOST_TEST(
            std::string{error.what()} == "key \"old\" may have tokens until 2027-01-15T09:00:00Z: retire it "
                                         "then, or now with --force, and "
                                         "their users have to log in again");
    }
    retire_key(keys, "old", at(noon, true));
    BOOST_TEST((keys.signing[0].state == key_state::retired));
}

BOOST_AUTO_TEST_CASE(a_key_that_never_signed_is_retired_at_once) {
    key_set keys = two_keys();
    retire_key(keys, "new", at(noon));
    BOOST_TEST((keys.signing[1].state == key_state::retired));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_refused_with_the_reason) {
    BOOST_TEST(refusal_of([](key_set& keys) {
                   promote_key(keys, "other", noon);
               }) == "key \"other\" is not there: `wxlogind keys list` shows which are");
    BOOST_TEST(refusal_of([](key_set& keys) {
                   retire_key(keys, "", at(noon));
               }) == "key \"\" is not there: `wxlogind keys list` shows which are");
    BOOST_TEST(
        refusal_of([](key_set& keys) { promote_key(keys, "old", noon); }) == "key \"old\" signs already");
    BOOST_TEST(refusal_of([](key_set& keys) {
                   retire_key(keys, "old", at(noon, true));
               }) == "key \"old\" signs: add and promote another first");
    const auto retired_twice = refusal_of([](key_set& keys) {
        retire_key(keys, "new", at(noon));
        retire_key(keys, "new", at(noon));
    });
    BOOST_TEST(retired_twice == "key \"new\" is retired already");
    const auto promoted_again = refusal_of([](key_set& keys) {
        retire_key(keys, "new", at(noon));
        promote_key(keys, "new", noon);
    });
    BOOST_TEST(promoted_again.starts_with("key \"new\" is retired: "));
    // Not the whole of what somebody pasted by mistake.
    BOOST_TEST(
        refusal_of([](key_set& keys) { promote_key(keys, std::string(5000, 'x'), noon); }).size() < 200u);
}

BOOST_AUTO_TEST_CASE(a_new_sealing_key_opens_until_it_is_promoted) {
    key_set keys = two_keys();
    const std::string before = made_of(keys).sealer().seal("plain", "place");
    BOOST_TEST(add_sealing_key(keys) == "sealing:8");
    BOOST_TEST((keys.sealing.front().id == 1u));
    promote_key(keys, "sealing:8", noon);
    BOOST_TEST_REQUIRE(keys.sealing.size() == 3u);
    BOOST_TEST(keys.sealing[0].id == 8u);
    BOOST_TEST(keys.sealing[1].id == 1u);
    BOOST_TEST(keys.sealing[2].id == 7u);
    const keyring after = made_of(keys);
    BOOST_TEST(after.sealer().open(before, "place").has_value());
    BOOST_TEST(after.sealer().seal("plain", "place")[4] == '\x08');
}

BOOST_AUTO_TEST_CASE(a_retired_sealing_key_is_gone_and_its_number_is_not_given_again) {
    const auto why_not = [](std::string_view name) {
        return refusal_of([name](key_set& keys) { retire_key(keys, name, at(noon, true)); });
    };
    BOOST_TEST(why_not("sealing:1") == "key \"sealing:1\" seals: add and promote another first");
    BOOST_TEST(why_not("sealing:7").find("has the highest number") != std::string::npos);
    BOOST_TEST(why_not("sealing:99").find("is not there") != std::string::npos);
    BOOST_TEST(why_not("sealing:").find("is not there") != std::string::npos);

    key_set keys = two_keys();
    promote_key(keys, add_sealing_key(keys), noon);
    for (const char* const name : {"sealing:7", "sealing:1"}) retire_key(keys, name, at(noon, false));
    BOOST_TEST_REQUIRE(keys.sealing.size() == 1u);
    BOOST_TEST(keys.sealing[0].id == 8u);
    BOOST_TEST(add_sealing_key(keys) == "sealing:9");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_promoted_is_named) {
    BOOST_TEST(refusal_of([](key_set& keys) {
                   promote_key(keys, "sealing:99", noon);
               }).starts_with("key \"sealing:99\" is not there"));
    BOOST_TEST(refusal_of([](key_set& keys) {
                   promote_key(keys, "sealing:1", noon);
               }) == "key \"sealing:1\" seals already");
}

BOOST_AUTO_TEST_CASE(the_time_since_when_a_key_is_passive_survives_the_file) {
    key_set keys = two_keys();
    promote_key(keys, "new", noon);
    const key_set read = parse_key_set(render_keyring(keys.signing, keys.sealing));
    BOOST_TEST_REQUIRE(read.signing.size() == 2u);
    BOOST_TEST((read.signing[0].passive_since == noon));
    BOOST_TEST(!read.signing[1].passive_since.has_value());
}

BOOST_AUTO_TEST_CASE(two_processes_between_two_steps_take_each_others_tokens) {
    key_set keys = two_keys();
    std::vector<keyring> steps{made_of(keys)};
    const std::string kid = add_signing_key(keys, noon);
    steps.push_back(made_of(keys));
    promote_key(keys, kid, noon);
    steps.push_back(made_of(keys));
    const std::size_t last = steps.size() - 1;
    retire_key(keys, "old", at(noon + 1h));
    steps.push_back(made_of(keys));

    const token_rules rules{.issuer = "wxlogind"};
    token_claims claims;
    claims.appid = "wx1";
    claims.issued = noon;
    claims.expires = noon + 1h;
    for (std::size_t step = 0; step < last; ++step) {
        const std::string ahead = issue_token(claims, rules, steps[step + 1]);
        BOOST_TEST(verify_token(ahead, rules, steps[step], noon).has_value());
        const std::string behind = issue_token(claims, rules, steps[step]);
        BOOST_TEST(verify_token(behind, rules, steps[step + 1], noon).has_value());
    }
    // Retired, and so refused.
    const std::string old = issue_token(claims, rules, steps[0]);
    BOOST_TEST(!verify_token(old, rules, steps.back(), noon).has_value());
}

BOOST_AUTO_TEST_CASE(a_ring_without_a_sealing_key_of_the_one_before_does_not_succeed_it) {
    const keyring now = made_of(two_keys());
    const auto refused = [&](key_set next, std::vector<std::uint32_t> unneeded = {}) {
        try {
            check_succession(now, made_of(std::move(next)), "keys.toml", unneeded);
        } catch (const keyring_error& error) {
            return std::string{error.what()}.starts_with(
                "keys.toml: a sealing key is missing or was changed");
        }
        return false;
    };
    key_set same = two_keys();
    std::swap(same.sealing[0], same.sealing[1]);
    add_sealing_key(same);
    BOOST_TEST(!refused(same));
    key_set missing = two_keys();
    missing.sealing.pop_back();
    BOOST_TEST(refused(missing));
    key_set other = two_keys();
    other.sealing[1] = sealing_key_of(7, 'c');
    BOOST_TEST(refused(other));

    missing = two_keys();
    missing.sealing.pop_back();
    BOOST_TEST(!refused(missing, {7}));
    BOOST_TEST(refused(missing, {1}));
    other = two_keys();
    other.sealing[1] = sealing_key_of(7, 'c');
    BOOST_TEST(refused(other, {7})); // what it will seal could be taken for what the other has sealed
}

BOOST_AUTO_TEST_SUITE_END()

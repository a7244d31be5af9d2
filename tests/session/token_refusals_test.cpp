// Tokens that someone might try, each signed with the right key where that is what would let it in.
#include "core/session/token.hpp"
#include "tests/session/session_fixtures.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace wxlogind;
using namespace wxlogind::session;
using namespace std::chrono_literals;
using namespace std::string_literals;
using namespace std::string_view_literals;
using test::sign;
using test::signing_key_of;

namespace {

constexpr unix_seconds now{1'800'000'000s};
const token_rules rules{.issuer = "wxlogind"};
const secret key{std::string(32, 'a')};

const std::string good_header = R"({"alg":"HS256","typ":"wxsess+jwt","kid":"active"})";
const std::string good_claims =
    R"({"iss":"wxlogind","aud":"wx0123456789abcdef","sub":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f",)"
    R"("sid":"42","iat":1800000000,"exp":1800007200,"openid":"oGZUI0egBJY1zhBYw2KhdUfwVJJE"})";

const keyring& keys() {
    static const keyring all = test::keyring_of(
        {signing_key_of("active", key_state::active, 'a'),
         signing_key_of("retired", key_state::retired, 'a')});
    return all;
}

void expect_refused(std::string_view token, std::string_view what) {
    const auto claims = verify_token(token, rules, keys(), now);
    BOOST_TEST_REQUIRE(!claims.has_value(), what);
    BOOST_TEST((claims.error().code == errc::invalid_token), what);
    BOOST_TEST(claims.error().detail.empty(), what);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    BOOST_TEST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

void expect_header_refused(std::string_view header) {
    expect_refused(sign(header, good_claims, key), header);
    expect_refused(base64url_encode(header) + '.' + base64url_encode(good_claims) + '.', header);
}

void expect_claims_refused(std::string_view claims) {
    expect_refused(sign(good_header, claims, key), claims);
}

// `good_claims` with one member's text replaced.
void expect_member_refused(std::string_view from, std::initializer_list<std::string_view> replacements) {
    for (const auto to : replacements) expect_claims_refused(replaced(good_claims, from, to));
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_refusals)

BOOST_AUTO_TEST_CASE(the_token_that_all_others_are_made_from_is_right) {
    BOOST_TEST(verify_token(sign(good_header, good_claims, key), rules, keys(), now).has_value());
}

BOOST_AUTO_TEST_CASE(another_algorithm_is_refused_over_a_right_mac_and_without_one) {
    for (const auto alg :
         {"none", "None", "nOnE", "NONE", "", "HS384", "HS512", "RS256", "ES256", "hs256", "HS256 ",
          "A256GCM", "dir", "HS256\\u0000"})
        expect_header_refused(replaced(good_header, "HS256", alg));
    for (const auto alg : {"null", "true", "256", "[\"HS256\"]", "{}"})
        expect_header_refused(replaced(good_header, "\"HS256\"", alg));
    expect_header_refused(replaced(good_header, R"("alg":"HS256",)", ""));
}

BOOST_AUTO_TEST_CASE(another_type_is_refused) {
    for (const auto typ : {"JWT", "jwt", "at+jwt", "wxsess", "WXSESS+JWT", "wxsess+jwt ", ""})
        expect_header_refused(replaced(good_header, "wxsess+jwt", typ));
    expect_header_refused(replaced(good_header, R"("typ":"wxsess+jwt",)", ""));
    expect_header_refused(replaced(good_header, R"("wxsess+jwt")", "null"));
}

BOOST_AUTO_TEST_CASE(other_header_parameters_are_refused) {
    for (const auto more :
         {R"("crit":["exp"])", R"("crit":[])", R"("b64":true)", R"("b64":false)", R"("zip":"DEF")",
          R"("jku":"https://evil.example/keys")", R"("jwk":{"kty":"oct","k":"YWFh"})", R"("x5c":["MII"])",
          R"("x5u":"https://evil.example/cert")", R"("x5t":"YQ")", R"("cty":"JWT")", R"("enc":"A256GCM")",
          R"("foo":1)", R"("":"")"}) {
        expect_header_refused(replaced(good_header, "}", ","s + more + '}'));
        expect_header_refused(replaced(good_header, "{", "{"s + more + ','));
    }
}

BOOST_AUTO_TEST_CASE(a_header_parameter_that_is_there_twice_is_refused_in_both_orders) {
    for (const auto twice :
         {R"("alg":"none")", R"("alg":"HS256")", R"("kid":"other")", R"("kid":"active")", R"("typ":"JWT")"}) {
        expect_header_refused(replaced(good_header, "}", ","s + twice + '}'));
        expect_header_refused(replaced(good_header, "{", "{"s + twice + ','));
    }
}

BOOST_AUTO_TEST_CASE(a_kid_that_is_not_a_living_key_is_refused) {
    for (const auto kid :
         {"unknown", "retired", "", "ACTIVE", "active ", "../active", "/dev/null", "../../../../etc/passwd",
          "' OR '1'='1", "active'; DROP TABLE keys; --", "active\\u0000", "activ\\u0065", "*", "0"})
        expect_header_refused(replaced(good_header, "active", kid));
    expect_header_refused(replaced(good_header, "active", "active\0"sv));
    for (const auto kid : {"1", "null", "true", "[\"active\"]", "{\"kid\":\"active\"}"})
        expect_header_refused(replaced(good_header, "\"active\"", kid));
    expect_header_refused(replaced(good_header, ",\"kid\":\"active\"", ""));
    expect_header_refused(replaced(good_header, "active", std::string(10 * 1024, 'k')));
    expect_header_refused(replaced(good_header, "active", std::string(1024, 'k')));
}

BOOST_AUTO_TEST_CASE(a_header_spelled_in_another_way_is_refused) {
    for (const auto& header :
         {" " + good_header, good_header + " ", good_header + "\n", "\xef\xbb\xbf" + good_header,
          good_header + good_header, replaced(good_header, ",", ", "), replaced(good_header, ":", " :"),
          R"({"typ":"wxsess+jwt","alg":"HS256","kid":"active"})"s, ""s, "{}"s, "[]"s, "null"s, "\"HS256\""s,
          "{"s, good_header.substr(0, good_header.size() - 1)})
        expect_header_refused(header);
}

BOOST_AUTO_TEST_CASE(a_cut_extended_or_empty_mac_is_refused) {
    const std::string token = sign(good_header, good_claims, key);
    const std::size_t mac_at = token.rfind('.') + 1;
    const std::string mac = base64url_decode(token.substr(mac_at)).value();
    const std::string rest = token.substr(0, mac_at);
    for (std::size_t cut = 1; cut <= mac.size(); ++cut) {
        expect_refused(rest + base64url_encode(mac.substr(0, mac.size() - cut)), "cut behind");
        expect_refused(rest + base64url_encode(mac.substr(cut)), "cut in front");
    }
    for (std::size_t cut = 1; cut <= token.size(); ++cut)
        expect_refused(token.substr(0, token.size() - cut), "token cut");
    for (const std::size_t more : {1u, 2u, 3u, 32u, 1000u}) {
        expect_refused(rest + base64url_encode(mac + std::string(more, '\0')), "extended");
        expect_refused(token + std::string(more, 'A'), "extended text");
    }
    expect_refused(rest + base64url_encode(std::string(32, '\0')), "zeroed");
    expect_refused(rest + base64url_encode(std::string(32, '\xff')), "all ones");
}

BOOST_AUTO_TEST_CASE(a_mac_by_another_key_is_refused) {
    expect_refused(sign(good_header, good_claims, secret{std::string(32, 'b')}), "other key");
    expect_refused(sign(good_header, good_claims, secret{}), "empty key");
    expect_refused(sign(good_header, good_claims, secret{"active"sv}), "kid as key");
    expect_refused(sign(good_header, good_claims, secret{std::string(33, 'a')}), "longer key");
    // The derived key of refresh tokens.
    std::string token = base64url_encode(good_header) + '.' + base64url_encode(good_claims);
    const sha256_digest mac = keys().signer().refresh_mac(token);
    expect_refused(token + '.' + base64url_encode(as_text(mac)), "refresh key");
}

BOOST_AUTO_TEST_CASE(the_number_of_dots_is_two) {
    const std::string token = sign(good_header, good_claims, key);
    const std::size_t first = token.find('.');
    const std::size_t second = token.rfind('.');
    expect_refused("", "nothing");
    for (const auto dots : {".", "..", "...", "...."}) expect_refused(dots, dots);
    expect_refused(token.substr(0, second), "one dot");
    expect_refused(token.substr(0, second) + '.', "empty MAC");
    expect_refused(token.substr(0, first), "no dot");
    expect_refused(token + '.', "trailing dot");
    expect_refused('.' + token, "leading dot");
    expect_refused(replaced(token, ".", ".."), "three dots");
    expect_refused(token + '.' + token.substr(second + 1), "four parts");
    expect_refused(token + ".AAAA.AAAA", "five parts, as a JWE");
    expect_refused(
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", "a JWE");
}

BOOST_AUTO_TEST_CASE(a_json_serialisation_is_refused) {
    const std::string token = sign(good_header, good_claims, key);
    const std::size_t first = token.find('.');
    const std::size_t second = token.rfind('.');
    expect_refused(
        R"({"protected":")" + token.substr(0, first) + R"(","payload":")" +
            token.substr(first + 1, second - first - 1) + R"(","signature":")" + token.substr(second + 1) +
            R"("})",
        "flattened");
}

BOOST_AUTO_TEST_CASE(characters_around_and_inside_are_refused) {
    const std::string token = sign(good_header, good_claims, key);
    for (const auto foreign :
         {" "sv, "\t"sv, "\n"sv, "\r"sv, "\r\n"sv, "\0"sv, "\xef\xbb\xbf"sv, "="sv, "=="sv, "+"sv, "/"sv,
          "%"sv, "\""sv, "\x80"sv, "\xc2\xa0"sv, "Bearer "sv, ","sv}) {
        expect_refused(std::string{foreign} + token, "in front");
        expect_refused(token + std::string{foreign}, "behind");
        for (const std::size_t at : {5u, 60u, 200u})
            expect_refused(std::string{token}.insert(at, foreign), "inside");
        expect_refused(replaced(token, ".", std::string{foreign} + '.'), "at the end of the header");
        expect_refused(replaced(token, ".", '.' + std::string{foreign}), "at the start of the claims");
    }
}

BOOST_AUTO_TEST_CASE(base64_that_is_not_canonical_is_refused) {
    // Over the text as it stands, so that the MAC is right and the encoding alone is wrong.
    const auto signed_text = [](const std::string& header, const std::string& claims) {
        const std::string text = header + '.' + claims;
        return text + '.' + base64url_encode(as_text(hmac_sha256{key.reveal()}(text)));
    };
    const std::string header = base64url_encode(good_header);
    const std::string claims = base64url_encode(good_claims);
    BOOST_TEST_REQUIRE(verify_token(signed_text(header, claims), rules, keys(), now).has_value());
    expect_refused(signed_text(base64_encode(good_header), claims), "padded header");
    expect_refused(signed_text(header, base64_encode(good_claims)), "padded claims");
    expect_refused(signed_text(header, claims + "="), "padding");
    expect_refused(signed_text(header, claims + "A"), "impossible length");
    expect_refused(signed_text(header, ""), "no claims");

    // One, two or no unused bits' worth of bytes, the last digit's unused bits set.
    for (const std::string& tail : {""s, "1"s, "12"s}) {
        const std::string lengthened = replaced(good_claims, "0000", "0000" + tail);
        std::string text = base64url_encode(lengthened);
        if (text.size() % 4 == 0) continue;
        text.back() = static_cast<char>(text.back() + 1);
        BOOST_TEST(!base64url_decode(text));
        expect_refused(signed_text(header, text), "unused bits");
    }
    // And in the MAC: 32 bytes leave two bits unused.
    std::string token = signed_text(header, claims);
    token.back() = static_cast<char>(token.back() + 1);
    expect_refused(token, "unused bits of the MAC");
    // The alphabet of plain base64 where it differs.
    const std::string with_url_digits = replaced(good_claims, "oGZUI0", "\xc3\xbe\xc3\xbf\xc3\xbe\xc3\xbf?>");
    std::string text = base64url_encode(with_url_digits);
    BOOST_TEST_REQUIRE(text.find_first_of("-_") != text.npos);
    BOOST_TEST(verify_token(signed_text(header, text), rules, keys(), now).has_value());
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    expect_refused(signed_text(header, text), "plain alphabet");
}

BOOST_AUTO_TEST_CASE(times_that_are_not_plain_integers_are_refused) {
    for (const std::string_view name : {"\"iat\":1800000000"sv, "\"exp\":1800007200"sv}) {
        const std::string label{name.substr(0, 6)};
        const std::string digits{name.substr(6)};
        for (const auto& value :
             {"-1"s,
              "1e400"s,
              "1.5"s,
              digits + ".0"s,
              digits + "e0",
              "1.8e9"s,
              '"' + digits + '"',
              "\"123\""s,
              "9007199254740992"s,
              "9223372036854775808"s,
              "18446744073709551616"s,
              "null"s,
              "true"s,
              "[]"s,
              "{}"s,
              ""s,
              "-0"s,
              "00"s,
              "0" + digits,
              "+" + digits,
              " " + digits,
              digits + " ",
              "0x6B49D200"s,
              "NaN"s,
              "Infinity"s,
              "1_800"s})
            expect_claims_refused(replaced(good_claims, name, label + value));
    }
}

BOOST_AUTO_TEST_CASE(a_token_outside_its_time_is_refused) {
    for (const auto exp : {"1799999939", "1799999940", "1", "0"})
        expect_claims_refused(replaced(good_claims, "1800007200", exp));
    BOOST_TEST(
        verify_token(
            sign(good_header, replaced(good_claims, "1800007200", "1799999941"), key), rules, keys(), now)
            .has_value());
    for (const auto iat : {"1800000061", "1800007200", "9007199254740991"})
        expect_claims_refused(replaced(good_claims, "1800000000", iat));
    for (const auto nbf : {",\"nbf\":1800000061}", ",\"nbf\":0}", ",\"nbf\":\"x\"}"})
        expect_claims_refused(replaced(good_claims, "}", nbf));
}

BOOST_AUTO_TEST_CASE(a_claim_that_is_missing_is_refused) {
    for (const auto claim :
         {R"("iss":"wxlogind",)", R"("aud":"wx0123456789abcdef",)",
          R"("sub":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f",)", R"("sid":"42",)", R"("iat":1800000000,)",
          R"("exp":1800007200,)"})
        expect_claims_refused(replaced(good_claims, claim, ""));
}

BOOST_AUTO_TEST_CASE(a_claim_that_is_there_twice_is_refused_in_both_orders) {
    for (const auto twice :
         {R"("exp":9007199254740991)", R"("exp":1800007200)", R"("exp":1)", R"("sub":"admin")",
          R"("sid":"1")", R"("iss":"wxlogind")", R"("aud":"wx0123456789abcdef")", R"("openid":"o")",
          R"("iat":1)", R"("\u0065xp":9007199254740991)"}) {
        expect_claims_refused(replaced(good_claims, "}", ","s + twice + '}'));
        expect_claims_refused(replaced(good_claims, "{", "{"s + twice + ','));
        expect_claims_refused(replaced(good_claims, ",\"iat\"", ","s + twice + ",\"iat\""));
    }
}

BOOST_AUTO_TEST_CASE(claims_of_another_form_are_refused) {
    expect_member_refused(
        R"("wxlogind")", {R"("WXLOGIND")", R"("")", "null", R"(["wxlogind"])", "1", R"("wxlogind\u0000")",
                          R"("wxlogin\u0064")"});
    expect_member_refused(R"("wx0123456789abcdef")", {R"(["wx0123456789abcdef"])", "[]", "null", "1", "{}"});
    expect_member_refused(
        R"("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")",
        {R"("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")", R"("")", "null", "1", R"("admin")",
         R"("017f22e279b07cc398c4dc0c0c07398f")", R"("017f22e2-79b0-7cc3-98c4-dc0c0c07398\u0066")"});
    expect_member_refused(
        R"("sid":"42")", {R"("sid":42)", R"("sid":"-42")", R"("sid":"042")", R"("sid":"")", R"("sid":"42 ")",
                          R"("sid":" 42")", R"("sid":"+42")", R"("sid":"0x2a")", R"("sid":"4\u0032")",
                          R"("sid":"9223372036854775808")", R"("sid":null)"});
    expect_member_refused(
        R"("oGZUI0egBJY1zhBYw2KhdUfwVJJE")",
        {R"("")", "null", "1", "[]", R"("\u006f")", R"("\/")", R"("\b")", R"("\u000A")", R"("\u000a")",
         R"("\x")", R"("\)", R"("o)", R"(o")", "\"\n\"", "\"\x7f\"", R"("\u00)", R"("\u007F")",
         R"("\u00zz")"});
    expect_claims_refused(replaced(good_claims, "}", R"(,"admin":true})"));
    expect_claims_refused(replaced(good_claims, "}", R"(,"jti":"1"})"));
}

BOOST_AUTO_TEST_CASE(claims_in_another_spelling_are_refused) {
    for (const auto& claims :
         {" " + good_claims, good_claims + " ", good_claims + '\n', good_claims + '\0',
          good_claims + good_claims, "\xef\xbb\xbf" + good_claims, replaced(good_claims, ",", ", "),
          replaced(good_claims, ":", ": "), replaced(good_claims, "}", ",}"),
          good_claims.substr(0, good_claims.size() - 1), good_claims + '}',
          replaced(good_claims, "{", "{/**/"), '[' + good_claims + ']'})
        expect_claims_refused(claims);
}

BOOST_AUTO_TEST_CASE(claims_that_are_no_object_or_deep_are_refused) {
    for (const auto claims : {"[]", "null", "true", "1", "\"\"", "{}", "", "{", "[[", "{\"iss\""})
        expect_claims_refused(claims);
    expect_claims_refused(
        replaced(good_claims, "}", ",\"x\":" + std::string(33, '[') + std::string(33, ']') + '}'));
    expect_claims_refused(std::string(1000, '['));
}

BOOST_AUTO_TEST_CASE(text_that_is_not_unicode_is_refused) {
    for (const auto text :
         {"\xff"sv, "\x80"sv, "\xc0\x80"sv, "\xed\xa0\x80"sv, "\xf4\x90\x80\x80"sv, "\xe5\xbe"sv, "\\ud800"sv,
          "\\udc00"sv, "\\ud83d\\ude00"sv, "\\ud83dx"sv}) {
        expect_claims_refused(replaced(good_claims, "oGZUI0", text));
        expect_claims_refused(replaced(good_claims, "wx0123", text));
    }
}

BOOST_AUTO_TEST_CASE(a_token_over_4_kib_is_refused_before_anything_is_done_with_it) {
    const auto with_openid = [](std::size_t size) {
        return sign(
            good_header, replaced(good_claims, "oGZUI0egBJY1zhBYw2KhdUfwVJJE", std::string(size, 'o')), key);
    };
    std::size_t largest = 0;
    while (with_openid(largest + 1).size() <= max_token_size) ++largest;
    BOOST_TEST(verify_token(with_openid(largest), rules, keys(), now).has_value());
    for (const std::size_t more : {1u, 2u, 3u, 4u}) expect_refused(with_openid(largest + more), "just over");
    expect_refused(with_openid(64 * 1024), "64 KiB");
    expect_refused(std::string(1 << 20, 'A'), "1 MiB");
    expect_refused(std::string(1 << 20, '.'), "1 MiB of dots");
}

BOOST_AUTO_TEST_SUITE_END()

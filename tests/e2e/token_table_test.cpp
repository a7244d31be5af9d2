// Everything that somebody might show in place of a token, to /verify and to /me: the same refusal, and
// nothing is written.
#include "core/session/keyring_file.hpp"
#include "tests/session/session_fixtures.hpp"
#include "tests/support/session_deployment.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <filesystem>
#include <regex>
#include <set>

using namespace wxlogind;
using namespace wxlogind::test;
using namespace std::string_literals;

namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    BOOST_TEST_REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

// A good token, taken apart.
struct workshop {
    std::string token;
    std::string header;
    std::string claims;
    std::string mac; // in base64url
    secret key;
    std::int64_t now;

    explicit workshop(const deployment& running, const std::string& good) : token{good} {
        const auto first = good.find('.');
        const auto second = good.rfind('.');
        header = base64url_decode(good.substr(0, first)).value();
        claims = base64url_decode(good.substr(first + 1, second - first - 1)).value();
        mac = good.substr(second + 1);
        key = session::load_keyring(running.file("keys.toml"))->active().bytes;
        now = std::chrono::duration_cast<std::chrono::seconds>(
                  std::chrono::system_clock::now().time_since_epoch())
                  .count();
    }

    [[nodiscard]] std::string with_header(const std::string& other) const { return sign(other, claims, key); }
    [[nodiscard]] std::string with_claims(const std::string& other) const { return sign(header, other, key); }
    [[nodiscard]] std::string with_header_member(std::string_view from, std::string_view to) const {
        return with_header(replaced(header, from, to));
    }
    // `"name":value` in place of the member of that name.
    [[nodiscard]] std::string with_claim(const std::string& name, const std::string& member) const {
        std::smatch found;
        const std::regex whole{"\"" + name + "\":(\"[^\"]*\"|[0-9]+)"};
        BOOST_TEST_REQUIRE(std::regex_search(claims, found, whole));
        return with_claims(replaced(claims, found[0].str(), member));
    }
    [[nodiscard]] std::string unsigned_part() const { return token.substr(0, token.rfind('.')); }
};

using table = std::vector<std::pair<std::string, std::string>>; // what it is, the token

void add_headers(table& to, const workshop& from) {
    for (const auto* alg : {"none", "None", "nOnE"}) {
        const std::string header = replaced(from.header, "HS256", alg);
        to.emplace_back("alg "s + alg, from.with_header(header));
        to.emplace_back(
            "alg "s + alg + " without a mac",
            base64url_encode(header) + '.' + base64url_encode(from.claims) + '.');
    }
    for (const auto* alg : {"HS384", "HS512", "RS256", "ES256"})
        to.emplace_back("alg "s + alg, from.with_header_member("HS256", alg));
    for (const auto* typ : {"JWT", "at+jwt", "WXSESS+JWT", ""})
        to.emplace_back("typ "s + typ, from.with_header_member("wxsess+jwt", typ));
    for (const auto* more :
         {R"("crit":["exp"])", R"("b64":false)", R"("zip":"DEF")", R"("jku":"https://a/")", R"("jwk":{})",
          R"("x5c":[])", R"("x5u":"https://a/")"})
        to.emplace_back(more, from.with_header_member("{", "{"s + more + ','));
    for (const auto* kid : {"nobody", "../keys.toml", "' OR 1=1 --", "", "a\\u0000b"})
        to.emplace_back(
            "kid "s + kid, from.with_header(R"({"alg":"HS256","typ":"wxsess+jwt","kid":")"s + kid + "\"}"));
    to.emplace_back("kid 7", from.with_header(R"({"alg":"HS256","typ":"wxsess+jwt","kid":7})"));
    to.emplace_back("kid twice", from.with_header_member(R"("kid":)", R"("kid":"x","kid":)"));
    to.emplace_back("alg twice", from.with_header_member(R"("alg":)", R"("alg":"none","alg":)"));
    to.emplace_back("alg twice, last", from.with_header_member("}", R"(,"alg":"none"})"));
    const std::string long_kid(3000, 'k');
    to.emplace_back(
        "kid of 3000", from.with_header(R"({"alg":"HS256","typ":"wxsess+jwt","kid":")" + long_kid + "\"}"));
}

void add_claims(table& to, const workshop& from) {
    const auto second = [&](std::int64_t off) { return std::to_string(from.now + off); };
    for (const std::string& exp :
         {second(-61), "0"s, "-1"s, "1e400"s, "1.5"s, R"("123")"s, "9223372036854775808"s,
          "18446744073709551616"s, "null"s})
        to.emplace_back("exp " + exp, from.with_claim("exp", R"("exp":)" + exp));
    to.emplace_back("no exp", from.with_claims(replaced(from.claims, R"("exp":)", R"("Exp":)")));
    to.emplace_back("iat to come", from.with_claim("iat", R"("iat":)" + second(3600)));
    to.emplace_back(
        "nbf to come", from.with_claims(replaced(from.claims, "{", R"({"nbf":)" + second(3600) + ",")));
    to.emplace_back("iss", from.with_claim("iss", R"("iss":"another")"));
    to.emplace_back("aud", from.with_claim("aud", R"("aud":"wx00000000000000ff")"));
    to.emplace_back("aud array", from.with_claim("aud", R"("aud":["wx0123456789abcdef"])"));
    to.emplace_back("sub", from.with_claim("sub", R"("sub":"alice")"));
    for (const auto* name : {"iss", "aud", "sub", "sid", "iat", "exp"}) {
        std::smatch found;
        std::regex_search(from.claims, found, std::regex{"\""s + name + "\":(\"[^\"]*\"|[0-9]+)"});
        const std::string member = found[0];
        to.emplace_back(
            name + " twice"s, from.with_claims(replaced(from.claims, member, member + "," + member)));
        to.emplace_back(
            name + " twice, apart"s,
            from.with_claims(from.claims.substr(0, from.claims.size() - 1) + "," + member + "}"));
    }
    for (const std::string& other :
         {"[]"s, "null"s, "{}"s, "1"s, R"("x")"s, std::string(33, '[') + std::string(33, ']'),
          "{\"iss\":\"\xc3\x28\"}"s, R"({"iss":"\ud800"})"s})
        to.emplace_back("claims " + other, from.with_claims(other));
    to.emplace_back("blanks", from.with_claims(replaced(from.claims, ",", ", ")));
}

void add_macs_and_forms(table& to, const workshop& from) {
    const std::string bytes = base64url_decode(from.mac).value();
    for (std::size_t cut = 1; cut < bytes.size(); ++cut)
        to.emplace_back(
            "mac cut by " + std::to_string(cut),
            from.unsigned_part() + '.' + base64url_encode(bytes.substr(0, bytes.size() - cut)));
    to.emplace_back("mac longer", from.unsigned_part() + '.' + base64url_encode(bytes + 'x'));
    to.emplace_back("mac of zeros", from.unsigned_part() + '.' + base64url_encode(std::string(32, '\0')));
    to.emplace_back("no mac", from.unsigned_part() + '.');
    to.emplace_back("one dot", from.unsigned_part());
    to.emplace_back("no dot", replaced(from.unsigned_part(), ".", ""));
    to.emplace_back("three dots", from.token + ".x");
    to.emplace_back("four dots", from.token + ".x.y");
    to.emplace_back("dot behind", from.token + '.');
    to.emplace_back("dot before", '.' + from.token);
    to.emplace_back("five parts", from.token + "." + from.mac + "." + from.mac);
    to.emplace_back("padded", from.token + '=');
    to.emplace_back("other alphabet", replaced(from.token, ".", "+."));
    to.emplace_back("blank inside", replaced(from.token, ".", ". "));
    to.emplace_back("blank before", ' ' + from.token);
    to.emplace_back("mark before", "\xef\xbb\xbf" + from.token);
    to.emplace_back(
        "JSON",
        R"({"payload":")" + base64url_encode(from.claims) + R"(","signature":")" + from.mac + R"("})");
    to.emplace_back("over 4 KiB", from.token + std::string(4000, 'A'));
    to.emplace_back("empty", "");
    // The last character of a MAC carries two bits that no byte needs.
    for (const char last : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"s)
        if (last != from.mac.back())
            to.emplace_back("ends with "s + last, from.token.substr(0, from.token.size() - 1) + last);
}

// A connection that is opened again when the server has closed it, which it does after bytes that no HTTP
// has.
class client {
public:
    explicit client(std::string address, std::string path)
        : address_{std::move(address)}, path_{std::move(path)} {}

    http_reply show(const std::string& fields) {
        if (!connection_) connection_.emplace(address_);
        http_reply reply = connection_->exchange(get_request(path_, fields));
        if (reply.status != 200 && reply.status != 401) connection_.reset();
        return reply;
    }

private:
    std::string address_;
    std::string path_;
    std::optional<http_connection> connection_;
};

std::string without_request_id(const http_reply& reply) {
    return std::regex_replace(reply.body, std::regex{R"("request_id":"[^"]*")"}, "");
}

deployment_options without_a_limit_of_requests() {
    deployment_options options;
    options.server = "max_requests_per_connection = 1000000\n";
    return options;
}

struct two_places : session_deployment {
    two_places() : session_deployment{without_a_limit_of_requests()} {}

    boost::json::object login = json_of(log_in(mint_code("alice")));
    workshop made_of{*this, text_of(login, "token")};
    client verify_place{internal_address(), "/verify"};
    client me_place{public_address(), "/me"};
    std::string usual = without_request_id(http_get(internal_address(), "/verify"));

    [[nodiscard]] std::uintmax_t written() const { return std::filesystem::file_size(database() + "-wal"); }

    void expect_refused(const std::string& fields, const std::string& what) {
        for (client* place : {&verify_place, &me_place}) {
            const http_reply reply = place->show(fields);
            BOOST_TEST(reply.status == 401u, what);
            BOOST_TEST(without_request_id(reply) == usual, what);
            BOOST_TEST(reply.field("www-authenticate") == R"(Bearer error="invalid_token")", what);
            BOOST_TEST(reply.field("x-user-id").empty(), what);
        }
    }
};

std::string bearer_of(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_table, two_places)

BOOST_AUTO_TEST_CASE(whatever_is_not_exactly_a_token_of_ours_is_refused_alike) {
    BOOST_TEST_REQUIRE(verify(login).status == 200u);
    BOOST_TEST_REQUIRE(verify_place.show(bearer_of(made_of.with_claims(made_of.claims))).status == 200u);
    const auto before = written();
    table all;
    add_headers(all, made_of);
    add_claims(all, made_of);
    add_macs_and_forms(all, made_of);
    for (const auto& [what, token] : all) expect_refused(bearer_of(token), what);
    BOOST_TEST(written() == before);
    BOOST_TEST(verify(login).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_token_counts_in_one_authorization_field_and_nowhere_else) {
    const std::string& good = made_of.token;
    expect_refused("", "none");
    expect_refused(bearer_of(good) + bearer_of(good), "twice");
    expect_refused(bearer_of(good) + "Authorization: Basic eDp5\r\n", "beside another");
    for (const auto* scheme : {"Basic ", "Token ", "", "Bearer\t", "Bearer=", "JWT "})
        expect_refused("Authorization: "s + scheme + good + "\r\n", scheme);
    expect_refused("X-Authorization: Bearer " + good + "\r\n", "another field");
    expect_refused("Cookie: token=" + good + "\r\n", "a cookie");
    for (const auto& address : {internal_address() + " /verify", public_address() + " /me"}) {
        const auto space = address.find(' ');
        const std::string target = address.substr(space + 1) + "?token=" + good + "&access_token=" + good;
        BOOST_TEST(http_get(address.substr(0, space), target).status == 401u);
    }
    BOOST_TEST(http_post(internal_address(), "/verify", R"({"token":")" + good + R"("})").status == 401u);
}

BOOST_AUTO_TEST_CASE(a_token_with_any_bit_flipped_is_refused) {
    const auto before = written();
    std::string token = made_of.token;
    unsigned refused = 0;
    for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
        char& at = token[bit / 8];
        const char good = at;
        at = static_cast<char>(at ^ (1 << bit % 8));
        const auto byte = static_cast<unsigned char>(at);
        const bool is_text = byte >= 0x20 && byte < 0x7f;
        for (client* place : {&verify_place, &me_place}) {
            const http_reply reply = place->show(bearer_of(token));
            // What HTTP does not allow in a field does not come as far as the token.
            const bool is_refused = reply.status == 401 || (!is_text && reply.status == 400);
            BOOST_TEST_REQUIRE(is_refused, "bit " << bit << ": " << reply.status);
            refused += is_refused ? 1 : 0;
        }
        at = good;
    }
    BOOST_TEST(refused == 2 * 8 * token.size());
    BOOST_TEST(written() == before);
    BOOST_TEST(verify(login).status == 200u);
}

BOOST_AUTO_TEST_CASE(huge_tokens_cost_nothing) {
    for (const std::size_t size : {std::size_t{64} << 10, std::size_t{1} << 20})
        for (const std::string& address : {internal_address(), public_address()}) {
            http_connection to{address};
            try {
                to.send(get_request("/me", bearer_of(std::string(size, 'A'))));
            } catch (const std::runtime_error&) { // closed while we send
                continue;
            }
            const http_reply reply = to.receive();
            BOOST_TEST((reply.status == 431u || reply.status == 0u));
        }
    BOOST_TEST(verify(login).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

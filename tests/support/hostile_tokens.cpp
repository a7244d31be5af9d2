#include "tests/support/hostile_tokens.hpp"

#include "core/base/encoding.hpp"
#include "core/base/hmac.hpp"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <string_view>

namespace wxlogind::test {

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error{"no " + std::string{from} + " in " + text};
    return text.replace(at, from.size(), to);
}

// The text of the member `name` with its value: "\"exp\":1800000000".
std::string member_of(const std::string& json, const std::string& name) {
    const auto begin = json.find('"' + name + "\":");
    if (begin == std::string::npos) throw std::runtime_error{"no " + name + " in " + json};
    const bool is_text = json[begin + name.size() + 3] == '"';
    const auto end = is_text ? json.find('"', begin + name.size() + 4) + 1 : json.find_first_of(",}", begin);
    return json.substr(begin, end - begin);
}

class collection {
public:
    explicit collection(const token_parts& of)
        : of_{of}, header_{header_of_kid(of.kid)}, good_{signed_token(header_, of.claims, of.key)} {}

    void add(std::string what, std::string token) { all_.push_back({std::move(what), std::move(token)}); }
    void add_header(const std::string& what, const std::string& header) {
        add("header " + what, signed_token(header, of_.claims, of_.key));
    }
    void add_claims(const std::string& what, const std::string& claims) {
        add("claims " + what, signed_token(header_, claims, of_.key));
    }

    void algorithms();
    void signatures();
    void shapes();
    void encodings();
    void names_twice();
    void times();
    void parties();
    void kids();
    void other_forms();
    void sizes();

    [[nodiscard]] std::vector<hostile_token> take() { return std::move(all_); }

private:
    const token_parts& of_;
    const std::string header_;
    const std::string good_;
    std::vector<hostile_token> all_;
};

void collection::algorithms() {
    for (const auto* alg : {"none", "None", "nOnE"}) {
        const std::string header = replaced(header_, "HS256", alg);
        add(alg + " without a signature"s,
            base64url_encode(header) + '.' + base64url_encode(of_.claims) + '.');
        add_header(alg, header);
    }
    for (const auto* alg : {"HS384", "HS512", "RS256", "ES256", "hs256"})
        add_header(alg, replaced(header_, "HS256", alg));
    for (const auto* more :
         {R"("crit":["exp"])", R"("b64":false)", R"("zip":"DEF")", R"("jku":"https://evil.example/keys")",
          R"("jwk":{"kty":"oct","k":"YWFh"})", R"("x5c":["MII"])", R"("x5u":"https://evil.example/cert")"})
        add_header(more, replaced(header_, "}", ","s + more + '}'));
}

void collection::signatures() {
    const auto mac_at = good_.rfind('.') + 1;
    const std::string rest = good_.substr(0, mac_at);
    const std::string mac = base64url_decode(good_.substr(mac_at)).value();
    for (std::size_t cut = 1; cut < mac.size(); ++cut)
        add("signature cut by " + std::to_string(cut),
            rest + base64url_encode(mac.substr(0, mac.size() - cut)));
    add("no signature", rest);
    add("signature extended", rest + base64url_encode(mac + '\0'));
    add("signature zeroed", rest + base64url_encode(std::string(32, '\0')));
    add("signature by another key", signed_token(header_, of_.claims, secret{std::string(32, 'x')}));
}

void collection::shapes() {
    const auto first = good_.find('.');
    const auto second = good_.rfind('.');
    add("empty", "");
    add("one dot", good_.substr(0, second));
    add("no dot", good_.substr(0, first) + good_.substr(first + 1, second - first - 1));
    add("three dots", replaced(good_, ".", ".."));
    add("four dots", good_ + ".AAAA.AAAA");
    add("a trailing dot", good_ + '.');
    add("a leading dot", '.' + good_);
    for (const auto around : {" "sv, "\t"sv, "\r"sv, "\n"sv, "\r\n"sv, "\0"sv, "\xef\xbb\xbf"sv}) {
        add("something in front", std::string{around} + good_);
        add("something behind", good_ + std::string{around});
        add("something inside", std::string{good_}.insert(first + 1, around));
    }
    add("twice", good_ + good_);
    add("JSON serialisation", R"({"protected":")" + good_.substr(0, first) + R"(","payload":")" +
                                  good_.substr(first + 1, second - first - 1) + R"(","signature":")" +
                                  good_.substr(second + 1) + R"("})");
}

void collection::encodings() {
    const auto signed_text = [this](const std::string& text) {
        return text + '.' + base64url_encode(as_text(hmac_sha256{of_.key.reveal()}(text)));
    };
    const std::string header = base64url_encode(header_);
    const std::string claims = base64url_encode(of_.claims);
    add("padding", signed_text(header + '.' + claims + '='));
    add("padding behind the signature", good_ + '=');
    // A '-' or '_' for certain.
    const std::string odd = base64url_encode(replaced(of_.claims, "{", "{\"\xc3\xbe\xc3\xbf?>\":1,"));
    std::string plain = odd;
    std::replace(plain.begin(), plain.end(), '-', '+');
    std::replace(plain.begin(), plain.end(), '_', '/');
    add("the alphabet of plain base64", signed_text(header + '.' + plain));
    // 32 bytes leave two bits of the last character.
    for (const char last : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"sv)
        if (last != good_.back())
            add("unused bits, or others: "s + last, good_.substr(0, good_.size() - 1) + last);
}

void collection::names_twice() {
    for (const auto* name : {"alg", "kid"}) {
        const std::string member = member_of(header_, name);
        const std::string other = '"' + std::string{name} + "\":\"other\"";
        for (const auto& [one, two] : {std::pair{member, other}, {other, member}, {member, member}})
            add_header(name + " twice"s, replaced(header_, member, one + ',' + two));
    }
    for (const auto* name : {"iss", "aud", "sub", "sid", "iat", "exp"}) {
        const std::string member = member_of(of_.claims, name);
        const bool is_text = member.ends_with('"');
        const std::string other = '"' + std::string{name} + "\":" + (is_text ? "\"x\"" : "9999999999");
        for (const auto& [one, two] : {std::pair{member, other}, {other, member}, {member, member}})
            add_claims(name + " twice"s, replaced(of_.claims, member, one + ',' + two));
        add_claims(name + " twice, apart"s, replaced(of_.claims, "}", ',' + member + '}'));
    }
}

void collection::times() {
    const std::string exp = member_of(of_.claims, "exp");
    const std::string iat = member_of(of_.claims, "iat");
    const auto at = [this](std::chrono::seconds offset) {
        return std::to_string((of_.now + offset).time_since_epoch().count());
    };
    using std::chrono::seconds;
    for (const std::string& value :
         {at(seconds{-61}), "0"s, "-1"s, "1e400"s, "1.5"s, "\"123\""s, "9223372036854775808"s,
          "18446744073709551616"s, "null"s, "9007199254740992"s})
        add_claims("exp " + value, replaced(of_.claims, exp, "\"exp\":" + value));
    add_claims("without exp", replaced(of_.claims, ',' + exp, ""));
    add_claims("iat in the future", replaced(of_.claims, iat, "\"iat\":" + at(seconds{3600})));
    add_claims("nbf in the future", replaced(of_.claims, "}", ",\"nbf\":" + at(seconds{3600}) + '}'));
}

void collection::parties() {
    for (const auto* name : {"iss", "aud", "sub", "sid"}) {
        const std::string member = member_of(of_.claims, name);
        const std::string label = '"' + std::string{name} + "\":";
        add_claims(name + " of another"s, replaced(of_.claims, member, label + "\"another\""));
        add_claims(name + " null"s, replaced(of_.claims, member, label + "null"));
        add_claims(
            name + " in an array"s,
            replaced(of_.claims, member, label + '[' + member.substr(label.size()) + ']'));
    }
    add_claims(
        "aud of an app that is not served",
        replaced(of_.claims, member_of(of_.claims, "aud"), R"("aud":"wx0000000000000000")"));
    for (const auto* typ : {"JWT", "at+jwt", "WXSESS+JWT", ""})
        add_header("typ "s + typ, replaced(header_, "wxsess+jwt", typ));
}

void collection::kids() {
    for (const std::string& kid :
         {"unknown"s, ""s, "a\\u0000b"s, "../../../../etc/passwd"s, "/dev/null"s, "' OR '1'='1"s,
          std::string(10240, 'k'), of_.kid + '\0', of_.retired_kid})
        add("kid " + kid.substr(0, 32), signed_token(header_of_kid(kid), of_.claims, of_.key));
    add("retired kid", signed_token(header_of_kid(of_.retired_kid), of_.claims, of_.retired_key));
    add_header("numeric kid", replaced(header_, member_of(header_, "kid"), "\"kid\":1"));
    add_header("no kid", replaced(header_, ',' + member_of(header_, "kid"), ""));
}

void collection::other_forms() {
    add("a JWE", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    for (const auto* payload : {"[]", "null", "{}", "1", "\"\""}) add_claims(payload, payload);
    add_claims("with blanks", replaced(of_.claims, ",", ", "));
    add_claims(
        "33 levels deep",
        replaced(of_.claims, "}", ",\"x\":" + std::string(33, '[') + std::string(33, ']') + '}'));
    const std::string openid = member_of(of_.claims, "aud");
    for (const auto text : {"\xff"sv, "\xc0\x80"sv, "\xed\xa0\x80"sv, "\\ud800"sv, "\\udc00"sv})
        add_claims(
            "that are not Unicode", replaced(of_.claims, openid, "\"aud\":\"" + std::string{text} + '"'));
}

void collection::sizes() {
    for (const std::size_t size : {std::size_t{5} * 1024, std::size_t{64} * 1024, std::size_t{1} << 20})
        add(std::to_string(size) + " bytes",
            signed_token(header_, replaced(of_.claims, "{", '{' + std::string(size, ' ')), of_.key));
}

} // namespace

std::string claims_json_of(const std::string& token) {
    const auto first = token.find('.');
    return base64url_decode(token.substr(first + 1, token.rfind('.') - first - 1)).value();
}

std::string signed_token(const std::string& header, const std::string& claims, const secret& key) {
    const std::string text = base64url_encode(header) + '.' + base64url_encode(claims);
    return text + '.' + base64url_encode(as_text(hmac_sha256{key.reveal()}(text)));
}

std::string header_of_kid(const std::string& kid) {
    return R"({"alg":"HS256","typ":"wxsess+jwt","kid":")" + kid + "\"}";
}

std::vector<hostile_token> hostile_tokens(const token_parts& of) {
    collection all{of};
    all.algorithms();
    all.signatures();
    all.shapes();
    all.encodings();
    all.names_twice();
    all.times();
    all.parties();
    all.kids();
    all.other_forms();
    all.sizes();
    return all.take();
}

std::vector<hostile_token> bit_flips_of(const std::string& token) {
    std::vector<hostile_token> all;
    for (std::size_t at = 0; at < token.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string flipped = token;
            flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1u << bit));
            all.push_back(
                {"bit " + std::to_string(bit) + " of byte " + std::to_string(at), std::move(flipped)});
        }
    return all;
}

} // namespace wxlogind::test

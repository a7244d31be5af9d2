#include "core/session/token.hpp"

#include "core/base/encoding.hpp"
#include "core/session/claims_text.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <optional>

namespace wxlogind::session {

namespace {

struct token_parts {
    std::string_view header;
    std::string_view claims;
    std::string_view mac;
    std::string_view signed_text; // header, dot, claims
};

// nullopt unless there are exactly two dots.
std::optional<token_parts> split(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t second = first == token.npos ? first : token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
    return token_parts{
        token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
        token.substr(0, second)};
}

const prepared_key* find_key(const keyring& keys, std::string_view header) {
    const auto all = keys.verifiers();
    const auto found = std::find_if(
        all.begin(), all.end(), [header](const prepared_key& key) { return key.token_header == header; });
    return found == all.end() ? nullptr : &*found;
}

bool is_right_mac(const prepared_key& key, const token_parts& parts) {
    std::array<char, 36> mac;
    const sha256_digest expected = key.token_mac(parts.signed_text);
    const auto size = base64url_decode_into(mac, parts.mac);
    return size == expected.size() && CRYPTO_memcmp(mac.data(), expected.data(), expected.size()) == 0;
}

bool is_within_its_time(const token_claims& claims, const token_rules& rules, unix_seconds now) {
    return now >= claims.issued - rules.max_skew && now < claims.expires + rules.max_skew;
}

} // namespace

void append_token(
    std::string& to, const token_claims& claims, const token_rules& rules, const prepared_key& key) {
    std::string json;
    json.reserve(192 + rules.issuer.size() + claims.appid.size() + claims.openid.size());
    append_claims(json, rules.issuer, claims);

    const std::size_t start = to.size();
    to += key.token_header;
    to += '.';
    base64url_append(to, json);
    const sha256_digest mac = key.token_mac(std::string_view{to}.substr(start));
    to += '.';
    base64url_append(to, as_text(mac));
}

std::string issue_token(const token_claims& claims, const token_rules& rules, const prepared_key& key) {
    std::string token;
    append_token(token, claims, rules, key);
    return token;
}

result<token_claims>
verify_token(std::string_view token, const token_rules& rules, const keyring& keys, unix_seconds now) {
    if (token.size() > max_token_size) return errc::invalid_token;
    const auto parts = split(token);
    if (!parts) return errc::invalid_token;
    const prepared_key* const key = find_key(keys, parts->header);
    if (key == nullptr || !is_right_mac(*key, *parts)) return errc::invalid_token;

    std::array<char, max_token_size / 4 * 3> json;
    const auto size = base64url_decode_into(json, parts->claims);
    if (!size) return errc::invalid_token;
    auto claims = read_claims({json.data(), *size}, rules.issuer);
    if (!claims || !is_within_its_time(*claims, rules, now)) return errc::invalid_token;
    return std::move(*claims);
}

} // namespace wxlogind::session

#include "core/session/refresh_token.hpp"

#include "core/base/encoding.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <limits>

namespace wxlogind::session {

namespace {

constexpr unsigned char version = 1;
constexpr std::size_t signed_size = 1 + 4 + 8 + 4 + 8;
constexpr std::size_t mac_size = 20;
constexpr std::size_t token_size = signed_size + mac_size;
static_assert(token_size % 3 == 0, "no unused bits in base64");

using token_bytes = std::array<char, token_size>;

std::string_view signed_part(const token_bytes& bytes) {
    return {bytes.data(), signed_size};
}

template <class Number>
char* put(char* to, Number number) {
    for (std::size_t i = sizeof number; i-- > 0;) *to++ = static_cast<char>(number >> (8 * i));
    return to;
}

template <class Number>
const char* take(const char* from, Number& number) {
    number = 0;
    for (std::size_t i = 0; i < sizeof number; ++i)
        number = static_cast<Number>(number << 8 | static_cast<unsigned char>(*from++));
    return from;
}

bool is_right_mac(const prepared_key& key, const token_bytes& bytes) {
    const sha256_digest mac = key.refresh_mac(signed_part(bytes));
    return CRYPTO_memcmp(mac.data(), bytes.data() + signed_size, mac_size) == 0;
}

} // namespace

void append_refresh_token(std::string& to, const refresh_claims& claims, const prepared_key& key) {
    token_bytes bytes;
    char* end = bytes.data();
    *end++ = static_cast<char>(version);
    end = put(end, key.refresh_hint);
    end = put(end, static_cast<std::uint64_t>(claims.sid));
    end = put(end, claims.generation);
    end = put(end, static_cast<std::uint64_t>(claims.expires.time_since_epoch().count()));
    const sha256_digest mac = key.refresh_mac(signed_part(bytes));
    std::copy_n(mac.begin(), mac_size, end);
    base64url_append(to, {bytes.data(), bytes.size()});
}

std::string issue_refresh_token(const refresh_claims& claims, const prepared_key& key) {
    std::string token;
    append_refresh_token(token, claims, key);
    return token;
}

result<refresh_claims> verify_refresh_token(std::string_view token, const keyring& keys, unix_seconds now) {
    token_bytes bytes;
    if (token.size() != token_size / 3 * 4 || base64url_decode_into(bytes, token) != token_size ||
        static_cast<unsigned char>(bytes[0]) != version)
        return errc::invalid_token;

    std::uint32_t hint = 0;
    std::uint64_t sid = 0;
    std::uint64_t expires = 0;
    refresh_claims claims;
    const char* from = take(bytes.data() + 1, hint);
    from = take(from, sid);
    from = take(from, claims.generation);
    take(from, expires);

    // Two keys may share a hint.
    const auto is_of = [&](const prepared_key& key) {
        return key.refresh_hint == hint && is_right_mac(key, bytes);
    };
    const auto all = keys.verifiers();
    constexpr std::uint64_t max_number = std::numeric_limits<std::int64_t>::max();
    if (std::none_of(all.begin(), all.end(), is_of) || sid > max_number || expires > max_number)
        return errc::invalid_token;

    claims.sid = static_cast<session_id>(sid);
    claims.expires = unix_seconds{std::chrono::seconds{static_cast<std::int64_t>(expires)}};
    if (now >= claims.expires) return errc::invalid_token;
    return claims;
}

} // namespace wxlogind::session

// Session tokens: JWT (RFC 7519), HS256 (RFC 7518 section 3.2), one algorithm and no other.
//
// Any JWT library that has the key can check them. Ours takes only what issue_token writes, byte for byte:
// the header is compared with the texts of the known keys, not read, and the claims have one spelling. So
// whatever else a JWT may hold (other algorithms, crit, jku, claims twice, floats, blanks) is refused
// without a rule of its own.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"
#include "core/session/keyring.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind::session {

// Grows with time; text (decimal) outside.
using session_id = std::int64_t;

struct token_claims {
    std::string appid;   // aud
    user_id user;        // sub
    session_id sid{};    // not negative
    std::string openid;  // "" = the claim is left out
    unix_seconds issued; // iat and exp: from 0 to 2^53 - 1
    unix_seconds expires;

    bool operator==(const token_claims&) const = default;
};

struct token_rules {
    std::string issuer;
    // The clocks of several machines differ by up to this. A token serves from iat - max_skew until just
    // before exp + max_skew.
    std::chrono::seconds max_skew{60};
};

// No token is longer.
inline constexpr std::size_t max_token_size = 4096;

// Compact serialisation. Texts have to be well-formed UTF-8. The same arguments make the same token. Any
// thread.
void append_token(
    std::string& to, const token_claims& claims, const token_rules& rules, const prepared_key& key);
[[nodiscard]] std::string
issue_token(const token_claims& claims, const token_rules& rules, const prepared_key& key);
// With the active key.
[[nodiscard]] inline std::string
issue_token(const token_claims& claims, const token_rules& rules, const keyring& keys) {
    return issue_token(claims, rules, keys.signer());
}

// The claims of a token with a right MAC by an active or passive key, of our issuer, and within its time. The
// audience is handed out in the claims: the caller knows which apps there are.
// Every failure is errc::invalid_token with an empty detail; never throws for what is in the token. Any
// thread.
[[nodiscard]] result<token_claims>
verify_token(std::string_view token, const token_rules& rules, const keyring& keys, unix_seconds now);

} // namespace wxlogind::session

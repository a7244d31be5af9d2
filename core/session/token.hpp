// Session tokens: JWT (RFC 7519), HS256 (RFC 7518 section 3.2), one algorithm and no other.
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
    std::string appid; // aud
    user_id user;      // sub
    session_id sid{};
    std::string openid; // "" = the claim is left out
    unix_seconds issued{};
    unix_seconds expires{};
};

struct token_rules {
    std::string issuer;
    std::chrono::seconds max_skew{60}; // clocks of several machines differ by up to this
};

// Compact serialisation. Any thread.
[[nodiscard]] std::string
issue_token(const token_claims& claims, const token_rules& rules, const keyring& keys);

// Accepts only what issue_token writes: canonical bytes, the pinned header, a known key, a right MAC, our
// issuer, integer times. The audience is handed out in the claims: the caller knows which apps there are.
// Every failure is errc::invalid_token with an empty detail. Any thread.
[[nodiscard]] result<token_claims>
verify_token(std::string_view token, const token_rules& rules, const keyring& keys, unix_seconds now);

} // namespace wxlogind::session

// Refresh tokens: opaque to clients, and self-authenticating to us: garbage, a forged one or one that has
// expired is refused without a look at the database. Which generation is the current one, the session's row
// knows.
//
// base64url of: version (1 byte) | hint of the key (4) | sid (8) | generation (4) | expires (8), numbers big
// endian | HMAC-SHA256 of all that, cut to 20 bytes. 60 characters. The MAC's key is derived from the signing
// key.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/errors.hpp"
#include "core/session/keyring.hpp"
#include "core/session/token.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind::session {

struct refresh_claims {
    session_id sid{}; // not negative
    std::uint32_t generation{0};
    unix_seconds expires; // not before 1970

    bool operator==(const refresh_claims&) const = default;
};

// The same arguments make the same token. Any thread.
void append_refresh_token(std::string& to, const refresh_claims& claims, const prepared_key& key);
[[nodiscard]] std::string issue_refresh_token(const refresh_claims& claims, const prepared_key& key);
// With the active key.
[[nodiscard]] inline std::string issue_refresh_token(const refresh_claims& claims, const keyring& keys) {
    return issue_refresh_token(claims, keys.signer());
}

// By an active or passive key; from `expires` on it is refused. errc::invalid_token with an empty detail for
// whatever is wrong. Any thread.
[[nodiscard]] result<refresh_claims>
verify_refresh_token(std::string_view token, const keyring& keys, unix_seconds now);

} // namespace wxlogind::session

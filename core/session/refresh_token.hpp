// Refresh tokens: opaque to clients, and self-authenticating to us: garbage, a forged one or one that has
// expired is refused without a look at the database. Which generation is the current one, the session's row
// knows.
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
    session_id sid{};
    std::uint32_t generation{0};
    unix_seconds expires{};
};

[[nodiscard]] std::string issue_refresh_token(const refresh_claims& claims, const keyring& keys);

// errc::invalid_token with an empty detail for whatever is wrong.
[[nodiscard]] result<refresh_claims>
verify_refresh_token(std::string_view token, const keyring& keys, unix_seconds now);

} // namespace wxlogind::session

// The user of a session token, for the calls under /me.
#pragma once

#include "core/net/http.hpp"
#include "core/session/token.hpp"
#include "handlers/services.hpp"

namespace wxlogind::handlers {

// As the database knows the user of a token that was valid a moment ago. errc::invalid_token: erased since;
// errc::user_blocked: banned; errc::storage_unavailable.
[[nodiscard]] task<result<storage::user_record>>
find_me(const session::token_claims& claims, const services& with);

// The profile as its owner sees it; `user` as find_me gives it, or a change of the profile.
[[nodiscard]] result<net::response> show_profile(
    const result<storage::user_record>& user, const session::token_claims& claims, const services& with);

} // namespace wxlogind::handlers

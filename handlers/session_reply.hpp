// The answer that carries a session's tokens: of a login, and of a refresh.
#pragma once

#include "core/net/http.hpp"
#include "handlers/services.hpp"

#include <optional>
#include <string>

namespace wxlogind::handlers {

// What the tokens are made from. The same pair comes out of the same grant, as long as its key verifies.
struct session_grant {
    user_id user;
    session::session_id sid{};
    std::uint32_t generation{0};
    unix_seconds issued;
    unix_seconds refresh_expires;
    std::string openid; // read, as unionid is, only where the app shows it
    std::optional<std::string> unionid;
    bool is_new{false};
    std::chrono::seconds longest_access{0}; // of the access token
};

// The body. `now`: from when expires_in and refresh_expires_in count.
[[nodiscard]] std::string render_session(
    const session_grant& grant, const app& from, const session::prepared_key& signer, unix_seconds now,
    services& with);

// 200, and no cache may keep it.
[[nodiscard]] net::response session_reply(std::string body);

} // namespace wxlogind::handlers

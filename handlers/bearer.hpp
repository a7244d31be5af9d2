// Who a request is from: the session token in its Authorization header (RFC 6750 section 2.1), and nowhere
// else.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/http.hpp"
#include "core/session/token.hpp"
#include "handlers/services.hpp"

#include <optional>
#include <string_view>

namespace wxlogind::handlers {

// What stands behind "Bearer " in the request's only Authorization header.
[[nodiscard]] std::optional<std::string_view> bearer_credential(const net::request& incoming) noexcept;

// The claims of a token, checked here and now: no database, no WeChat. A token of an app that is not served
// any more, or of a session that was revoked, is not valid. The claims of a token whose user was merged name
// the survivor. errc::invalid_token, always alike.
[[nodiscard]] result<session::token_claims> check_token(std::string_view token, const services& with);

// The claims of the request's token, as check_token does. On the public listener it counts against the user's
// quota: errc::rate_limited.
[[nodiscard]] result<session::token_claims> authenticate(const net::request& incoming, const services& with);

} // namespace wxlogind::handlers

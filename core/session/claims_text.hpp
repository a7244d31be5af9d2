// The claims of a session token as JSON, in the one spelling that we write:
//
//     {"iss":"…","aud":"…","sub":"…","sid":"…","iat":…,"exp":…,"openid":"…"}
//
// no blanks, this order, openid left out when it is empty, strings escaped as append_json_string does.
#pragma once

#include "core/session/token.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::session {

void append_claims(std::string& to, std::string_view issuer, const token_claims& claims);

// nullopt: not exactly what append_claims writes for this issuer.
[[nodiscard]] std::optional<token_claims> read_claims(std::string_view json, std::string_view issuer);

} // namespace wxlogind::session

// In whose name a request acts, for the audit log.
#pragma once

#include "core/net/http.hpp"
#include "handlers/services.hpp"

#include <string>

namespace wxlogind::handlers {

// The field in which a command says who called it. Only a name: whoever reaches the internal listener may
// act.
inline constexpr std::string_view operator_field{"X-Wxlogind-Operator"};

// "user" on the public listener. On the internal one "key:NAME" where a service key was shown, "cli:NAME"
// where a command says who called it, else "internal".
[[nodiscard]] std::string acting_for(const net::request& incoming, const services& with);

// Revoking something now, in that name.
[[nodiscard]] storage::revoking revoking_for(const net::request& incoming, const services& with);

} // namespace wxlogind::handlers

// Revoking something now: the times that the store wants to know.
#pragma once

#include "handlers/services.hpp"

namespace wxlogind::handlers {

[[nodiscard]] inline storage::revoking revoking_at(unix_millis now, const services& with) {
    return {now, with.revoked.end_of_tokens(now), "user"};
}

} // namespace wxlogind::handlers

// The user of "/users/{id}/…".
#pragma once

#include "core/base/errors.hpp"
#include "core/base/user_id.hpp"
#include "core/net/http.hpp"
#include "handlers/routes.hpp"

namespace wxlogind::handlers {

// errc::not_found: no user has such an id.
[[nodiscard]] inline result<user_id> user_in_path(const net::request& incoming) {
    const auto id = parse_user_id(segment_of(incoming.path, 1));
    if (!id) return errc::not_found;
    return *id;
}

} // namespace wxlogind::handlers

// Lists in pages: how many, and where the next one begins.
#pragma once

#include "core/base/errors.hpp"
#include "handlers/forms/query_fields.hpp"
#include "storage/user_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace wxlogind::handlers {

// "limit": 1 to 200, 50 unless it is given. errc::invalid_request.
[[nodiscard]] result<std::size_t> limit_of(const query_fields& query);

// "cursor", as a page before gave it for "next". Opaque to clients, and harmless when made up.
[[nodiscard]] std::string render_cursor(const storage::user_position& position);
[[nodiscard]] result<std::optional<storage::user_position>> user_cursor_of(const query_fields& query);
[[nodiscard]] std::string render_cursor(std::int64_t position);
[[nodiscard]] result<std::optional<std::int64_t>> number_cursor_of(const query_fields& query);

} // namespace wxlogind::handlers

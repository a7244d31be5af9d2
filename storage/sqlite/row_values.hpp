// How our types lie in columns.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/user_id.hpp"
#include "storage/sqlite/connection.hpp"

#include <cstring>
#include <string_view>

namespace wxlogind::storage::sqlite {

[[nodiscard]] inline std::int64_t count_of(unix_millis time) noexcept {
    return time.time_since_epoch().count();
}

[[nodiscard]] inline unix_millis time_in(const statement& row, int column) noexcept {
    return unix_millis{std::chrono::milliseconds{row.number(column)}};
}

// The id has to live until the reset.
inline void bind_id(statement& to, int at, const user_id& id) {
    to.bind_blob(at, id.bytes.data(), id.bytes.size());
}

// Throws sqlite_error: no id stands there.
[[nodiscard]] inline user_id id_in(std::string_view blob) {
    user_id id;
    if (blob.size() != id.bytes.size()) throw sqlite_error{11, "a user id is not 16 bytes long"};
    std::memcpy(id.bytes.data(), blob.data(), id.bytes.size());
    return id;
}

} // namespace wxlogind::storage::sqlite

// The id of a user: a UUIDv7 (RFC 9562), text outside, 16 bytes inside. It grows with time, so that rows
// append.
#pragma once

#include "core/base/clock.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind {

struct user_id {
    std::array<std::uint8_t, 16> bytes{};
    auto operator<=>(const user_id&) const = default;
};

// 8-4-4-4-12 lower-case hexadecimal digits.
[[nodiscard]] std::string to_string(const user_id& id);
void append_text(std::string& to, const user_id& id);
// nullopt unless it is exactly what to_string writes.
[[nodiscard]] std::optional<user_id> parse_user_id(std::string_view text) noexcept;

// Makes ids that never repeat and always grow, also within one millisecond and when the clock steps back.
// One thread.
class user_id_source {
public:
    [[nodiscard]] user_id next(unix_millis now);

private:
    user_id last_{};
};

} // namespace wxlogind

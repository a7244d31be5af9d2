// Pictures as their first bytes show them: which format, how wide, how high. Never by a name or a content
// type.
#pragma once

#include "core/base/errors.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace wxlogind::handlers {

enum class picture_format : std::uint8_t {
    png,
    jpeg,
    webp,
    gif,
};

// "image/png" and so on.
[[nodiscard]] std::string_view media_type_of(picture_format format) noexcept;

struct picture_header {
    picture_format format{picture_format::png};
    std::uint32_t width{0}; // pixels, at least 1, as is the height
    std::uint32_t height{0};
};

// Looks at the beginning of a picture, or at all of it. nullopt: more bytes are needed.
// errc::unsupported_media_type: no picture of one of the formats, whatever may follow.
[[nodiscard]] result<std::optional<picture_header>> read_picture_header(std::string_view bytes);

} // namespace wxlogind::handlers

// Which way up a JPEG is to be shown: the one thing in its Exif data that belongs to the picture.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind::handlers {

// The tag Orientation (Exif 2.3, section 4.6.4: 1 to 8) in the content of an APP1 segment; 1, upright, when
// there is none that makes sense.
[[nodiscard]] std::uint32_t direction_in(std::string_view exif) noexcept;

// A whole APP1 segment that says this and nothing else: 36 bytes.
[[nodiscard]] std::string segment_of_direction(std::uint32_t direction);

} // namespace wxlogind::handlers

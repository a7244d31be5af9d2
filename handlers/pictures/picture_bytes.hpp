// Numbers as picture formats write them. The bytes have to be there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wxlogind::handlers {

inline std::uint32_t byte_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<unsigned char>(bytes[at]);
}
inline std::uint32_t big_16(std::string_view bytes, std::size_t at) noexcept {
    return byte_at(bytes, at) << 8 | byte_at(bytes, at + 1);
}
inline std::uint32_t big_32(std::string_view bytes, std::size_t at) noexcept {
    return big_16(bytes, at) << 16 | big_16(bytes, at + 2);
}
inline std::uint32_t little_16(std::string_view bytes, std::size_t at) noexcept {
    return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8;
}
inline std::uint32_t little_24(std::string_view bytes, std::size_t at) noexcept {
    return little_16(bytes, at) | byte_at(bytes, at + 2) << 16;
}
inline std::uint32_t little_32(std::string_view bytes, std::size_t at) noexcept {
    return little_16(bytes, at) | little_16(bytes, at + 2) << 16;
}

} // namespace wxlogind::handlers

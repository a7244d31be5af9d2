// SipHash-2-4 with 128 bits (Aumasson, Bernstein: "SipHash: a fast short-input PRF"). With a random key
// nobody can choose inputs that collide, and a hash tells nothing of its input.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wxlogind {

struct sip_hash {
    std::uint64_t low{0};
    std::uint64_t high{0};
    friend bool operator==(const sip_hash&, const sip_hash&) = default;
};

using sip_key = std::array<unsigned char, 16>;

[[nodiscard]] sip_hash siphash_128(const sip_key& key, std::string_view bytes) noexcept;

} // namespace wxlogind

// A short name for a login code: what is kept of it once it is spent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wxlogind::wechat {

struct code_fingerprint {
    std::uint64_t low{0};
    std::uint64_t high{0};
    friend bool operator==(const code_fingerprint&, const code_fingerprint&) = default;
};

struct fingerprint_hash {
    using is_avalanching = void; // it is a hash already; boost::unordered need not mix it
    std::size_t operator()(const code_fingerprint& of) const noexcept {
        // The upper half: the lower one chooses the shard.
        return static_cast<std::size_t>(of.high);
    }
};

using fingerprint_key = std::array<unsigned char, 16>;

// SipHash-2-4 with 128 bits (Aumasson, Bernstein: "SipHash: a fast short-input PRF"). With a random key
// nobody can choose codes that collide, and a fingerprint tells nothing of its code.
[[nodiscard]] code_fingerprint siphash_128(const fingerprint_key& key, std::string_view bytes) noexcept;

// Of a code of an app. Two apps may have equal codes.
[[nodiscard]] code_fingerprint
fingerprint_of(const fingerprint_key& key, std::string_view appid, std::string_view code);

} // namespace wxlogind::wechat

// HMAC-SHA256 (RFC 2104, FIPS 180-4).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wxlogind {

using sha256_digest = std::array<unsigned char, 32>;

[[nodiscard]] inline std::string_view as_text(const sha256_digest& digest) noexcept {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Takes the same time wherever they differ.
[[nodiscard]] bool is_equal(const sha256_digest& one, const sha256_digest& other) noexcept;

// One key, made ready once: a message costs its own hashing and no allocation. Immutable; any thread.
class hmac_sha256 {
public:
    explicit hmac_sha256(std::string_view key) noexcept;
    ~hmac_sha256();
    hmac_sha256(const hmac_sha256&) = default;
    hmac_sha256& operator=(const hmac_sha256&) = default;

    [[nodiscard]] sha256_digest operator()(std::string_view message) const noexcept;

private:
    // The hash's state after the key's block, inside and outside.
    using state = std::array<std::uint32_t, 8>;
    state inner_;
    state outer_;
};

// A key for one purpose, made from another key: HMAC(key, label). Different labels give independent keys
// (a single block of RFC 5869's expansion, without its counter).
[[nodiscard]] inline hmac_sha256 derive_key(std::string_view key, std::string_view label) noexcept {
    return hmac_sha256{as_text(hmac_sha256{key}(label))};
}

} // namespace wxlogind

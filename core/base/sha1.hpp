// SHA-1 (FIPS 180-4), for the one signature of WeChat's that is made with it. Good for nothing new.
#pragma once

#include <array>
#include <initializer_list>
#include <string_view>

namespace wxlogind {

using sha1_digest = std::array<unsigned char, 20>;

// Of the parts, one behind the other. Any thread. Throws std::runtime_error when OpenSSL fails.
[[nodiscard]] sha1_digest sha1(std::initializer_list<std::string_view> parts);

// Takes the same time wherever they differ.
[[nodiscard]] bool is_equal(const sha1_digest& one, const sha1_digest& other) noexcept;

} // namespace wxlogind

// Random bytes from OpenSSL's generator.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace wxlogind {

// Throws std::runtime_error when the system has no randomness. Any thread.
void fill_random(std::span<unsigned char> bytes);
[[nodiscard]] std::string random_bytes(std::size_t count);

} // namespace wxlogind

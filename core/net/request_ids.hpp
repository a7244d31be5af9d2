// Names for requests that have none: unique, cheap, without meaning.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>

namespace wxlogind::net {

// Not thread-safe: one a reactor.
class request_ids {
public:
    static constexpr std::size_t length = 16;
    using text = std::array<char, length>;

    // `source` sets the generators of one process apart: all count from one random number, 2^48 away from
    // each other, so that no two give the same name before 2^48 requests.
    explicit request_ids(std::uint16_t source) : next_{start() + (std::uint64_t{source} << 48)} {}

    // 16 hexadecimal digits.
    void make(text& id) noexcept {
        // A bijection (the finisher of splitmix64): different numbers give different names that do not tell
        // how many came before.
        std::uint64_t mixed = next_++;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        for (char& digit : id) {
            digit = "0123456789abcdef"[mixed & 15];
            mixed >>= 4;
        }
    }

private:
    static std::uint64_t start() {
        static const std::uint64_t of_this_process = [] {
            std::random_device seed;
            return (std::uint64_t{seed()} << 32) ^ seed();
        }();
        return of_this_process;
    }

    std::uint64_t next_;
};

} // namespace wxlogind::net

// Numbers that look random and repeat with their seed. Nothing here is meant to be unpredictable.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace wxlogind::wechat_sim {

// Spreads the bits of a number over the whole of it (the finalizer of splitmix64).
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t bits) noexcept {
    bits ^= bits >> 30;
    bits *= 0xbf58476d1ce4e5b9;
    bits ^= bits >> 27;
    bits *= 0x94d049bb133111eb;
    return bits ^ (bits >> 31);
}

// A keyed hash of a text; the same on every machine of one byte order.
[[nodiscard]] inline std::uint64_t hash_text(std::uint64_t seed, std::string_view text) noexcept {
    std::uint64_t state = mix(seed ^ (text.size() * 0x9e3779b97f4a7c15));
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        state = mix(state ^ word) + 0x9e3779b97f4a7c15;
        text.remove_prefix(sizeof word);
    }
    std::uint64_t rest = 0;
    if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
    return mix(state ^ rest);
}

// splitmix64. One thread.
class generator {
public:
    explicit generator(std::uint64_t seed) noexcept : state_{seed} {}

    std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15;
        return mix(state_);
    }
    // 0 <= result < limit; limit is far below 2^64, so that the bias does not show.
    std::uint64_t below(std::uint64_t limit) noexcept { return next() % limit; }
    // 0 <= result < 1.
    double fraction() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

private:
    std::uint64_t state_;
};

} // namespace wxlogind::wechat_sim

// How long to wait before the next try of something that failed.
#pragma once

#include <algorithm>
#include <chrono>

namespace wxlogind::storage::sqlite {

// By default 100 ms, doubling to 2 s: a full disk that has room again is found soon, and a dead one is not
// hammered.
class back_off {
public:
    constexpr back_off() = default;
    explicit constexpr back_off(
        std::chrono::milliseconds shortest, std::chrono::milliseconds longest) noexcept
        : shortest_{shortest}, longest_{longest}, pause_{shortest} {}

    [[nodiscard]] constexpr std::chrono::milliseconds next() noexcept {
        const auto now = pause_;
        pause_ = std::min(pause_ * 2, longest_);
        return now;
    }
    constexpr void reset() noexcept { pause_ = shortest_; }

private:
    std::chrono::milliseconds shortest_{100};
    std::chrono::milliseconds longest_{2000};
    std::chrono::milliseconds pause_{shortest_};
};

} // namespace wxlogind::storage::sqlite

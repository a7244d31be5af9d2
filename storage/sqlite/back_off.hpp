// How long to wait before the next try of something that failed.
#pragma once

#include <algorithm>
#include <chrono>

namespace wxlogind::storage::sqlite {

// 100 ms, doubling to 2 s: a full disk that has room again is found soon, and a dead one is not hammered.
class back_off {
public:
    [[nodiscard]] constexpr std::chrono::milliseconds next() noexcept {
        const auto now = pause_;
        pause_ = std::min(pause_ * 2, longest);
        return now;
    }
    constexpr void reset() noexcept { pause_ = shortest; }

private:
    static constexpr std::chrono::milliseconds shortest{100};
    static constexpr std::chrono::milliseconds longest{2000};
    std::chrono::milliseconds pause_{shortest};
};

} // namespace wxlogind::storage::sqlite

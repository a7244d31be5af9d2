// Slows one app down after WeChat has said 45011 ("too many calls this minute") to it again and again.
#pragma once

#include <chrono>

namespace wxlogind::wechat {

// A single 45011 concerns a single login: WeChat's limit may be per user. Five without a success between them
// concern the app, and pause it for 1 s, doubling with each further one up to 30 s.
// Pure: the time is passed in. One per app; not thread-safe.
class app_backoff {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr unsigned tolerated = 5;
    static constexpr std::chrono::seconds first_pause{1};
    static constexpr std::chrono::seconds longest_pause{30};

    [[nodiscard]] bool is_paused(time_point now) const noexcept { return now < until_; }

    // What is left of the pause; zero when there is none.
    [[nodiscard]] std::chrono::milliseconds pause_left(time_point now) const noexcept {
        if (now >= until_) return std::chrono::milliseconds{0};
        return std::chrono::ceil<std::chrono::milliseconds>(until_ - now);
    }

    // WeChat answered 45011. Answers to what was sent before the pause began do not lengthen it.
    void limited(time_point now) noexcept {
        if (is_paused(now) || ++in_a_row_ < tolerated) return;
        pause_ = pause_ == std::chrono::seconds{0} ? first_pause : pause_ * 2;
        if (pause_ > longest_pause) pause_ = longest_pause;
        until_ = now + pause_;
    }

    // WeChat exchanged a code.
    void succeeded() noexcept {
        in_a_row_ = 0;
        pause_ = std::chrono::seconds{0};
    }

private:
    unsigned in_a_row_{0};
    std::chrono::seconds pause_{0};
    time_point until_{};
};

} // namespace wxlogind::wechat

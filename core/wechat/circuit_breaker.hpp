// Stops asking an upstream that does not answer, and finds out when it does again.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace wxlogind::wechat {

// closed --failures in a row--> open --pause over--> half open --success--> closed
//                                ^------------------- failure ----'
// Pure: the time is passed in. One per app and host; not thread-safe.
class circuit_breaker {
public:
    using time_point = std::chrono::steady_clock::time_point;

    enum class state : std::uint8_t {
        closed,    // everything may pass
        open,      // nothing may, until the pause is over
        half_open, // one probe is under way
    };

    // `failures` in a row (0 counts as 1) open it for `pause`. `shown`, which outlives it, says its state to
    // other threads.
    circuit_breaker(
        unsigned failures, std::chrono::milliseconds pause, std::atomic<state>* shown = nullptr) noexcept
        : limit_{failures == 0 ? 1 : failures}, pause_{pause}, shown_{shown} {
        become(state::closed);
    }

    // Other limits, from the next failure on.
    void change(unsigned failures, std::chrono::milliseconds pause) noexcept {
        limit_ = failures == 0 ? 1 : failures;
        pause_ = pause;
    }

    // May this one pass? When the pause is over, exactly one may: the probe. Every call that gave true has to
    // be followed by one of succeeded(), failed() and gave_up().
    [[nodiscard]] bool admit(time_point now) noexcept;

    // The upstream answered, whatever it said.
    void succeeded() noexcept;

    // It did not.
    void failed(time_point now) noexcept;

    // Nothing was learned: the client left, or a queue was full.
    void gave_up() noexcept;

    [[nodiscard]] state current() const noexcept { return state_; }

    // What is left of the pause; zero when it is over or the breaker is not open.
    [[nodiscard]] std::chrono::milliseconds pause_left(time_point now) const noexcept;

private:
    void become(state next) noexcept {
        state_ = next;
        if (shown_ != nullptr) shown_->store(next, std::memory_order_relaxed);
    }

    unsigned limit_;
    std::chrono::milliseconds pause_;
    std::atomic<state>* shown_;
    unsigned in_a_row_{0};
    state state_{state::closed};
    time_point open_until_{};
};

// Where a breaker shows its state.
using breaker_sign = std::atomic<circuit_breaker::state>;

} // namespace wxlogind::wechat

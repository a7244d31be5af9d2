#include "core/wechat/circuit_breaker.hpp"

namespace wxlogind::wechat {

bool circuit_breaker::admit(time_point now) noexcept {
    switch (state_) {
    case state::closed: return true;
    case state::open:
        if (now < open_until_) return false;
        become(state::half_open);
        return true;
    case state::half_open: return false;
    }
    return true;
}

void circuit_breaker::succeeded() noexcept {
    // Also one that was admitted before the breaker opened: an answer is an answer.
    in_a_row_ = 0;
    if (state_ != state::closed) become(state::closed);
}

void circuit_breaker::failed(time_point now) noexcept {
    ++in_a_row_;
    // While it is open, failures of exchanges from before do not lengthen the pause.
    if (state_ == state::open || (state_ == state::closed && in_a_row_ < limit_)) return;
    become(state::open);
    open_until_ = now + pause_;
}

void circuit_breaker::gave_up() noexcept {
    // The probe told nothing: the next one to come is the probe.
    if (state_ == state::half_open) become(state::open);
}

std::chrono::milliseconds circuit_breaker::pause_left(time_point now) const noexcept {
    if (state_ != state::open || now >= open_until_) return std::chrono::milliseconds{0};
    return std::chrono::ceil<std::chrono::milliseconds>(open_until_ - now);
}

} // namespace wxlogind::wechat

#include "core/wechat/token_schedule.hpp"

#include "core/wechat/exchange_rules.hpp"

#include <algorithm>
#include <utility>

namespace wxlogind::wechat {

std::optional<access_token> token_schedule::serve(time_point now) {
    wanted_at_ = now;
    if (!current_ || now + margin >= current_->expires) return std::nullopt;
    return current_;
}

token_schedule::advice token_schedule::about_rejected(const secret& rejected, time_point now) {
    if (!serve(now)) return advice::fetch;
    if (!current_->is(rejected) || now < trusted_until_) return advice::serve;
    return advice::check;
}

void token_schedule::adopt(access_token token, time_point now, std::uint32_t chance) {
    forget_failure();
    const std::chrono::seconds delay = shortest_delay + std::chrono::seconds{chance % (spread_s + 1)};
    // Where the same one came again in its last minutes, WeChat's clock is a little behind ours.
    refresh_at_ = std::max(now + shortest_delay, token.expires - overlap + delay);
    if (current_ && current_->is(token.text)) {
        current_->expires = token.expires;
        return;
    }
    current_ = std::move(token);
    adopted_ = now;
    trusted_until_ = {};
}

void token_schedule::failed(failure why, time_point now, std::uint32_t chance) {
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
    const std::chrono::milliseconds pause{pause_};
    patient_until_ = now + pause / 2 + pause * (chance % 1001) / 2000;
    refresh_at_ = patient_until_;
    failure_ = std::move(why);
}

void token_schedule::forget_failure() noexcept {
    pause_ = std::chrono::seconds{0};
    patient_until_ = {};
    failure_.reset();
}

bool token_schedule::is_due(time_point now) const noexcept {
    return current_ && now >= refresh_at_ && now - wanted_at_ < interest;
}

std::optional<failure> token_schedule::standing_failure(time_point now) const {
    if (!failure_ || now >= patient_until_) return std::nullopt;
    failure why = *failure_;
    why.retry_after = std::max(
        why.retry_after, whole_seconds(std::chrono::ceil<std::chrono::milliseconds>(patient_until_ - now)));
    return why;
}

} // namespace wxlogind::wechat

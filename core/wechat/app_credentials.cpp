#include "core/wechat/app_credentials.hpp"

#include "core/base/log.hpp"

#include <utility>

namespace wxlogind::wechat {

app_credentials::app_credentials(std::string id, secret current, secret next, const app_credentials* before)
    : appid{std::move(id)},
      current_{std::move(current)},
      next_{std::move(next)},
      next_works_{std::make_shared<std::atomic<bool>>(false)} {
    if (before != nullptr && is_same_as(*before)) next_works_ = before->next_works_;
}

const secret* app_credentials::other_than(const secret& refused) const noexcept {
    const secret& other = is_next(refused) ? current_ : next_;
    return other.empty() || other.reveal() == refused.reveal() ? nullptr : &other;
}

void app_credentials::prefer(const secret& taken) const {
    const bool takes_next = is_next(taken);
    if (next_works_->exchange(takes_next, std::memory_order_relaxed) == takes_next) return;
    log_warning(
        "WeChat knows another AppSecret of this app now: that one is used from here on",
        {{"appid", appid}, {"secret", takes_next ? "next_secret" : "secret"}});
}

} // namespace wxlogind::wechat

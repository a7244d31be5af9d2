// What an app shows WeChat: its appid and its AppSecret, of which there are two while it is being changed.
#pragma once

#include "core/base/secret.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace wxlogind::wechat {

class api_protection;

// WeChat's console takes a new AppSecret at once and for all. So the next one is configured beforehand, and
// found out to be the right one by the first call that WeChat refuses with 40125: that is about the secret
// alone, and nothing else of the call has been looked at.
//
// Copies share which of the two was taken last. Any thread.
class app_credentials {
public:
    app_credentials() : app_credentials{{}, {}} {}
    // An empty `next`: there is only one. `before`: the same app's of the last configuration, so that what
    // was found out about the same secrets is not found out again.
    app_credentials(
        std::string id, secret current, secret next = {}, const app_credentials* before = nullptr);

    std::string appid;
    // Of the calls that WeChat signs and encrypts; nullptr: they go plain.
    std::shared_ptr<const api_protection> protection{};

    // The same app with the same secrets.
    [[nodiscard]] bool is_same_as(const app_credentials& other) const noexcept {
        return appid == other.appid && current_.reveal() == other.current_.reveal() &&
               next_.reveal() == other.next_.reveal();
    }

    // The one to show: what WeChat took last, at first the current one.
    [[nodiscard]] const secret& likely_secret() const noexcept { return is_next() ? next_ : current_; }
    // The one to try when WeChat knows nothing of `refused`; nullptr when there is no other.
    [[nodiscard]] const secret* other_than(const secret& refused) const noexcept;
    // WeChat has taken `taken`, one of these two, after it refused the other. The log says so once.
    void prefer(const secret& taken) const;

private:
    [[nodiscard]] bool is_next(const secret& one) const noexcept { return &one == &next_; }
    [[nodiscard]] bool is_next() const noexcept { return next_works_->load(std::memory_order_relaxed); }

    secret current_;
    secret next_;
    std::shared_ptr<std::atomic<bool>> next_works_;
};

} // namespace wxlogind::wechat

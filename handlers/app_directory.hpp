// The mini programs that this server logs users into, and which of them a request is from.
#pragma once

#include "core/base/config.hpp"
#include "core/base/errors.hpp"
#include "core/wechat/wechat_api.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

struct app {
    wechat::app_credentials credentials;
    bool expose_openid{true};
    bool expose_unionid{true};
    std::uint32_t sessions_per_user{0}; // 0 = any number
};

// Immutable; any thread.
class app_directory {
public:
    explicit app_directory(const std::vector<app_settings>& apps);

    // nullptr when there is no such app.
    [[nodiscard]] const app* find(std::string_view appid) const noexcept;

    // The app of a login: the appid that was sent, else the Referer's, else the only or the default app.
    // errc::invalid_request: it is unknown, or nothing says which of several it is.
    [[nodiscard]] result<const app*>
    choose(std::string_view appid, std::optional<std::string_view> referer) const;

private:
    std::vector<app> apps_;
    const app* default_{nullptr};
};

// The appid in https://servicewechat.com/{appid}/{version}/page-frame.html; "" when it is no such URL. Any
// client can send it: a hint, not a proof.
[[nodiscard]] std::string_view appid_of_referer(std::string_view referer) noexcept;

} // namespace wxlogind::handlers

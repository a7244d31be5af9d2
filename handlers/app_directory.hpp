// The mini programs that this server logs users into, and which of them a request is from.
#pragma once

#include "core/base/config.hpp"
#include "core/base/current.hpp"
#include "core/base/errors.hpp"
#include "core/base/rate_table.hpp"
#include "core/wechat/app_credentials.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

struct app {
    wechat::app_credentials credentials;
    bool expose_openid{true};
    bool expose_unionid{true};
    nickname_policy nickname_check{nickname_policy::off};
    std::uint32_t sessions_per_user{0};  // 0 = any number
    std::uint32_t phone_daily_budget{0}; // likewise
    const rate* logins{nullptr};         // its own quota; nullptr = the one of all apps
};

// The apps of one configuration. Immutable; any thread.
class app_list {
public:
    // `before`: whose AppSecrets were tried out already, or nullptr.
    explicit app_list(const std::vector<app_settings>& apps, const app_list* before = nullptr);
    app_list(const app_list&) = delete;
    app_list& operator=(const app_list&) = delete;

    // nullptr when there is no such app.
    [[nodiscard]] const app* find(std::string_view appid) const noexcept;
    [[nodiscard]] const app* default_app() const noexcept { return default_; }
    [[nodiscard]] const std::vector<app>& all() const noexcept { return apps_; }

private:
    std::vector<app> apps_; // by appid
    const app* default_{nullptr};
};

// The apps that there are now. What it hands out is good as current::now() says: for the request that asked.
class app_directory {
public:
    explicit app_directory(const std::vector<app_settings>& apps)
        : list_{std::make_shared<const app_list>(apps)} {}

    // nullptr when there is no such app, or none any more.
    [[nodiscard]] const app* find(std::string_view appid) const noexcept { return list_.now().find(appid); }

    // The app of a login: the appid that was sent, else the Referer's, else the only or the default app.
    // errc::invalid_request: it is unknown, or nothing says which of several it is.
    [[nodiscard]] result<const app*>
    choose(std::string_view appid, std::optional<std::string_view> referer) const;

    // For what goes on without a request. Any thread.
    [[nodiscard]] std::shared_ptr<const app_list> held() const { return list_.held(); }
    // See current::replace().
    [[nodiscard]] std::shared_ptr<const app_list> replace(std::shared_ptr<const app_list> next) {
        return list_.replace(std::move(next));
    }

private:
    current<app_list> list_;
};

// The appid in https://servicewechat.com/{appid}/{version}/page-frame.html; "" when it is no such URL. Any
// client can send it: a hint, not a proof.
[[nodiscard]] std::string_view appid_of_referer(std::string_view referer) noexcept;

} // namespace wxlogind::handlers

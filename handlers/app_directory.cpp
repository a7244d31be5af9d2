#include "handlers/app_directory.hpp"

#include <string>

namespace wxlogind::handlers {

app_directory::app_directory(const std::vector<app_settings>& apps) {
    apps_.reserve(apps.size());
    for (const app_settings& each : apps) {
        apps_.push_back(
            {.credentials = {.appid = each.appid, .app_secret = each.secret},
             .expose_openid = each.expose_openid,
             .expose_unionid = each.expose_unionid,
             .sessions_per_user = each.sessions_per_user});
        if (each.is_default) default_ = &apps_.back();
    }
    if (apps_.size() == 1) default_ = &apps_.front();
}

const app* app_directory::find(std::string_view appid) const noexcept {
    for (const app& each : apps_)
        if (each.credentials.appid == appid) return &each;
    return nullptr;
}

result<const app*>
app_directory::choose(std::string_view appid, std::optional<std::string_view> referer) const {
    if (appid.empty() && referer) appid = appid_of_referer(*referer);
    if (!appid.empty()) {
        if (const app* const found = find(appid)) return found;
        return failure{errc::invalid_request, "appid: not an app of this server"};
    }
    if (default_ != nullptr) return default_;
    return failure{errc::invalid_request, "appid: missing, and this server serves several apps"};
}

std::string_view appid_of_referer(std::string_view referer) noexcept {
    constexpr std::string_view prefix = "https://servicewechat.com/";
    if (!referer.starts_with(prefix)) return {};
    const std::string_view rest = referer.substr(prefix.size());
    const std::size_t end = rest.find('/');
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

} // namespace wxlogind::handlers

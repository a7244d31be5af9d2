#include "handlers/app_directory.hpp"

#include "core/wechat/api_protection.hpp"
#include "handlers/admission/request_limits.hpp"

#include <algorithm>

namespace wxlogind::handlers {

namespace {

// The one before where its keys are the same: it knows which answers have come.
std::shared_ptr<const wechat::api_protection> protection_of(const app_settings& settings, const app* before) {
    if (!settings.api_keys.is_on()) return nullptr;
    const auto& known = before != nullptr ? before->credentials.protection : nullptr;
    if (known != nullptr && known->is_of(settings.api_keys)) return known;
    return std::make_shared<const wechat::api_protection>(settings.appid, settings.api_keys);
}

} // namespace

app_list::app_list(const std::vector<app_settings>& apps, const app_list* before) {
    apps_.reserve(apps.size());
    for (const app_settings& each : apps) {
        const app* const known = before != nullptr ? before->find(each.appid) : nullptr;
        apps_.push_back(
            {.credentials =
                 {each.appid, each.secret, each.next_secret,
                  known != nullptr ? &known->credentials : nullptr},
             .expose_openid = each.expose_openid,
             .expose_unionid = each.expose_unionid,
             .nickname_check = each.nickname_check,
             .sessions_per_user = each.sessions_per_user,
             .phone_daily_budget = each.phone_daily_budget,
             .logins = each.logins_per_app < 0
                           ? nullptr
                           : rate_of_app(static_cast<std::uint32_t>(each.logins_per_app))});
        apps_.back().credentials.protection = protection_of(each, known);
    }
    std::sort(apps_.begin(), apps_.end(), [](const app& one, const app& other) {
        return one.credentials.appid < other.credentials.appid;
    });
    if (apps_.size() == 1) default_ = &apps_.front();
    for (const app_settings& each : apps)
        if (each.is_default) default_ = find(each.appid);
}

const app* app_list::find(std::string_view appid) const noexcept {
    const auto place =
        std::lower_bound(apps_.begin(), apps_.end(), appid, [](const app& one, std::string_view wanted) {
            return one.credentials.appid < wanted;
        });
    return place != apps_.end() && place->credentials.appid == appid ? &*place : nullptr;
}

result<const app*>
app_directory::choose(std::string_view appid, std::optional<std::string_view> referer) const {
    if (appid.empty() && referer) appid = appid_of_referer(*referer);
    const app_list& apps = list_.now();
    if (!appid.empty()) {
        if (const app* const found = apps.find(appid)) return found;
        return failure{errc::invalid_request, "appid: not an app of this server"};
    }
    if (apps.default_app() != nullptr) return apps.default_app();
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

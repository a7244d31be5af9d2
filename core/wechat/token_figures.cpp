#include "core/base/metrics/report.hpp"
#include "core/wechat/token_centre.hpp"

namespace wxlogind::wechat {

void token_centre::describe(metrics::report& to) const {
    auto age = to.gauge(
        "wxlogind_wechat_access_token_age_seconds", "How long the app's access token has been there.");
    auto left = to.gauge(
        "wxlogind_wechat_access_token_expires_seconds",
        "What the app's access token has left; 0: there is none.");
    auto fetches = to.counter(
        "wxlogind_wechat_access_token_fetches_total",
        "Times that WeChat was asked for an app's access token, and by force.");
    for (const account& each : accounts()) {
        const std::string_view appid = each.appid;
        if (each.has_token) age.add(static_cast<std::uint64_t>(each.age.count()), {{"appid", appid}});
        left.add(static_cast<std::uint64_t>(each.left.count()), {{"appid", appid}});
        fetches.add(each.fetched, {{"appid", appid}, {"outcome", "fetched"}});
        fetches.add(each.failed, {{"appid", appid}, {"outcome", "failed"}});
        fetches.add(each.forced, {{"appid", appid}, {"outcome", "forced"}});
    }
}

} // namespace wxlogind::wechat

#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"

#include <limits>

namespace wxlogind::wechat_sim {

control_reply put_app(const control_order& order) {
    refuse_unknown(
        order.body,
        std::array<std::string_view, 6>{"appid", "secret", "group", "frozen", "allowed_ips", "daily_quota"});
    const std::string appid = required_text(order.body, "appid");
    app changed = order.targets.everything.find_app(appid).value_or(app{});
    changed.appid = appid;
    if (auto secret = text_field(order.body, "secret")) changed.secret = *std::move(secret);
    if (changed.secret.empty()) throw bad_order{"\"secret\" is missing: the app is new"};
    if (auto group = text_field(order.body, "group")) changed.group = *std::move(group);
    if (const auto frozen = bool_field(order.body, "frozen")) changed.is_frozen = *frozen;
    if (auto allowed = texts_field(order.body, "allowed_ips")) changed.allowed_ips = *std::move(allowed);
    const auto quota = number_field(order.body, "daily_quota", 0, std::numeric_limits<std::int64_t>::max());
    if (quota) changed.daily_quota = static_cast<std::uint64_t>(*quota);
    if (!order.targets.everything.put_app(std::move(changed))) throw bad_order{409, "too many apps"};
    return {204, "", ""};
}

control_reply put_user(const control_order& order) {
    refuse_unknown(order.body, std::array<std::string_view, 2>{"user", "blocked"});
    const std::string user = required_text(order.body, "user");
    const auto blocked = bool_field(order.body, "blocked");
    if (!blocked) throw bad_order{"\"blocked\" is missing"};
    if (!order.targets.everything.set_blocked(user, *blocked)) throw bad_order{409, "too many blocked users"};
    return {204, "", ""};
}

} // namespace wxlogind::wechat_sim

#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"

#include <limits>

namespace wxlogind::wechat_sim {

control_reply put_app(const control_order& order) {
    refuse_unknown(
        order.body, std::array<std::string_view, 7>{
                        "appid", "secret", "group", "frozen", "allowed_ips", "daily_quota", "personal"});
    const std::string appid = required_text(order.body, "appid");
    app changed = order.targets.everything.find_app(appid).value_or(app{});
    changed.appid = appid;
    if (auto secret = text_field(order.body, "secret")) changed.secret = *std::move(secret);
    if (changed.secret.empty()) throw bad_order{"\"secret\" is missing: the app is new"};
    if (auto group = text_field(order.body, "group")) changed.group = *std::move(group);
    if (const auto frozen = bool_field(order.body, "frozen")) changed.is_frozen = *frozen;
    if (const auto personal = bool_field(order.body, "personal")) changed.is_personal = *personal;
    if (auto allowed = texts_field(order.body, "allowed_ips")) changed.allowed_ips = *std::move(allowed);
    const auto quota = number_field(order.body, "daily_quota", 0, std::numeric_limits<std::int64_t>::max());
    if (quota) changed.daily_quota = static_cast<std::uint64_t>(*quota);
    if (!order.targets.everything.put_app(std::move(changed))) throw bad_order{409, "too many apps"};
    return {204, "", ""};
}

namespace {

// Changes what the order names. False: it names nothing of a profile.
bool read_profile(const boost::json::object& from, profile& into) {
    bool is_changed = false;
    const auto read = [&](std::string_view name, std::string& to) {
        auto text = text_field(from, name);
        if (!text) return;
        to = *std::move(text);
        is_changed = true;
    };
    read("nickname", into.nickname);
    read("avatar_url", into.avatar_url);
    read("language", into.language);
    read("city", into.city);
    read("province", into.province);
    read("country", into.country);
    read("phone", into.phone);
    read("country_code", into.country_code);
    if (const auto gender = number_field(from, "gender", 0, 2)) {
        into.gender = static_cast<int>(*gender);
        is_changed = true;
    }
    return is_changed;
}

} // namespace

control_reply put_user(const control_order& order) {
    refuse_unknown(
        order.body, std::array<std::string_view, 11>{
                        "user", "blocked", "nickname", "avatar_url", "gender", "language", "city", "province",
                        "country", "phone", "country_code"});
    world& everything = order.targets.everything;
    const std::string user = required_text(order.body, "user");
    const auto blocked = bool_field(order.body, "blocked");
    profile changed = everything.profiles().of(user);
    const bool has_profile = read_profile(order.body, changed);
    if (!blocked && !has_profile) throw bad_order{"\"blocked\" is missing, and so is all of a profile"};
    if (blocked && !everything.set_blocked(user, *blocked)) throw bad_order{409, "too many blocked users"};
    if (has_profile && !everything.profiles().put(user, std::move(changed)))
        throw bad_order{409, "too many users with profiles"};
    return {204, "", ""};
}

} // namespace wxlogind::wechat_sim

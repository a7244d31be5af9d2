#include "bench/wechat-sim/world/world.hpp"

#include "bench/wechat-sim/world/app_rules.hpp"
#include "bench/wechat-sim/world/quota.hpp"

#include <algorithm>
#include <mutex>

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t max_apps = 1000;
constexpr std::size_t max_blocked_users = 100'000;

} // namespace

struct world::running_app {
    app rules;
    std::mutex lock; // guards what follows
    period_count today;

    // False when the day has had its calls.
    bool count_call(unix_millis now) {
        if (rules.daily_quota == 0) return true;
        const std::scoped_lock locked{lock};
        return today.count(day_of(now), rules.daily_quota);
    }
};

world::world(const world_settings& settings, const wall_clock& clock)
    : settings_{settings},
      clock_{clock},
      codes_{settings},
      phone_codes_{settings, code_shape::phone},
      users_{settings},
      tokens_{settings},
      encrypt_keys_{settings} {}

world::~world() = default;

exchange_outcome world::exchange(const exchange_request& request) {
    const std::shared_lock rules{rules_};
    if (request.appid.empty()) return {errcode::appid_missing};
    const auto found = apps_.find(request.appid);
    if (found == apps_.end()) return {errcode::invalid_appid};
    running_app& asking = *found->second;
    if (const int refused = check_secret(asking.rules, request.secret)) return {refused};
    if (request.js_code.empty()) return {errcode::code_missing};
    if (request.grant_type != "authorization_code") return {errcode::invalid_grant_type};
    if (!admits(asking.rules, request.client_ip)) return {errcode::invalid_ip};

    const unix_millis now = clock_.now();
    if (!asking.count_call(now)) return {errcode::daily_quota};
    const auto holder = codes_.find(request.js_code, now);
    if (!holder) return {errcode::invalid_code};
    if (!holder->appid.empty() && holder->appid != request.appid) return {errcode::invalid_code};
    exchange_outcome login;
    login.openid = openid_of(request.appid, holder->user);
    const app_user who{request.appid, login.openid};
    if (!users_.count_call(who, now)) return {errcode::minute_quota};
    if (!blocked_.empty() && blocked_.contains(holder->user)) return {errcode::code_blocked};
    if (!codes_.spend(request.js_code)) return {errcode::code_used};

    login.key = users_.log_in(who, now);
    if (!asking.rules.group.empty()) login.unionid = unionid_of(asking.rules.group, holder->user);
    return login;
}

std::optional<std::string> world::mint(std::string_view appid, std::string_view user) {
    {
        const std::shared_lock rules{rules_};
        if (!apps_.contains(appid)) return std::nullopt;
    }
    return codes_.mint(appid, user, clock_.now());
}

std::optional<std::string> world::mint_phone_code(std::string_view appid, std::string_view user) {
    if (!find_app(appid)) return std::nullopt;
    return phone_codes_.mint(appid, user, clock_.now());
}

code_arrivals world::arrivals_of(std::string_view code) const {
    const code_arrivals phone = phone_codes_.arrivals_of(code);
    return phone.arrived != 0 ? phone : codes_.arrivals_of(code);
}

bool world::put_app(app what) {
    const std::unique_lock rules{rules_};
    const auto found = apps_.find(what.appid);
    if (found == apps_.end() && apps_.size() >= max_apps) return false;
    auto& place = found == apps_.end() ? apps_[what.appid] : found->second;
    if (!place) place = std::make_unique<running_app>();
    if (place->rules.secret != what.secret)
        for (const token_kind kind : {token_kind::classic, token_kind::stable})
            tokens_.end(what.appid, kind, token_end::revoked, clock_.now());
    place->rules = std::move(what);
    return true;
}

std::optional<app> world::find_app(std::string_view appid) const {
    const std::shared_lock rules{rules_};
    const auto found = apps_.find(appid);
    if (found == apps_.end()) return std::nullopt;
    return found->second->rules;
}

bool world::set_blocked(std::string_view user, bool is_blocked) {
    const std::unique_lock rules{rules_};
    if (!is_blocked) {
        if (const auto found = blocked_.find(user); found != blocked_.end()) blocked_.erase(found);
        return true;
    }
    if (blocked_.size() >= max_blocked_users) return false;
    blocked_.emplace(user);
    return true;
}

bool world::is_user_elsewhere(std::string_view openid) const {
    const std::shared_lock rules{rules_};
    const unix_millis now = clock_.now();
    return std::ranges::any_of(
        apps_, [&](const auto& each) { return users_.find({each.first, openid}, now).has_value(); });
}

std::string world::user_of(std::string_view code) const {
    auto holder = codes_.find(code, clock_.now());
    if (!holder) holder = phone_codes_.find(code, clock_.now());
    return holder ? std::move(holder->user) : std::string{};
}

} // namespace wxlogind::wechat_sim

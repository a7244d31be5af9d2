#include "core/wechat/login_standing.hpp"

#include "core/base/log.hpp"
#include "core/wechat/exchange_rules.hpp"

#include <utility>

namespace wxlogind::wechat {

namespace {

constexpr std::chrono::seconds alarm_interval{60};

// What somebody has to see: once a minute and app, however many logins it fails.
void note_failure(app_standing& app, const std::string& appid, const failure& why) {
    const auto now = steady_clock::now();
    const auto is_due = [now](steady_clock::time_point& again) {
        if (now < again) return false;
        again = now + alarm_interval;
        return true;
    };
    if (why.wechat_errcode == errcode_minute_limit) app.backoff.limited(now);
    if (why.code == errc::wechat_misconfigured && is_due(app.alarm_again)) {
        log_error(
            "WeChat refuses this app, nobody can log in: somebody has to act",
            {{"appid", appid},
             {"errcode", std::to_string(why.wechat_errcode), true},
             {"check", what_to_check(why.wechat_errcode)}});
    }
    const bool is_odd = why.code == errc::wechat_bad_answer || why.wechat_errcode == errcode_day_limit;
    if (is_odd && is_due(app.warning_again)) {
        const std::string errcode = why.wechat_errcode == 0 ? "" : std::to_string(why.wechat_errcode);
        log_warning(
            "WeChat does not let users in", {{"appid", appid},
                                             {"errcode", errcode, true},
                                             {"why", why.detail},
                                             {"check", what_to_check(why.wechat_errcode)}});
    }
}

} // namespace

login_standing::login_standing(const wechat_settings& settings, client_round_trips& counts)
    : breaker_failures_{settings.breaker_failures},
      breaker_pause_{settings.breaker_pause},
      counts_{counts},
      reach_{settings.breaker_failures, settings.breaker_pause, &counts.reach} {}

void login_standing::use(
    const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served) {
    breaker_failures_ = settings.breaker_failures;
    breaker_pause_ = settings.breaker_pause;
    reach_.change(breaker_failures_, breaker_pause_);
    std::erase_if(apps_, [&is_served](const auto& each) { return !is_served(each.first); });
    for (const auto& [appid, app] : apps_) {
        app->breaker.change(breaker_failures_, breaker_pause_);
        app->other_secret_again = {};
    }
}

std::shared_ptr<app_standing> login_standing::of(const std::string& appid) {
    const auto place = apps_.find(appid);
    if (place != apps_.end()) return place->second;
    round_trips& counts = counts_.of(appid, login_path, wechat_call::code_to_session);
    breaker_sign& sign = counts_.sign_of(appid, breaker_of::logins);
    const circuit_breaker closed{breaker_failures_, breaker_pause_, &sign};
    return apps_.emplace(appid, std::make_shared<app_standing>(counts, closed)).first->second;
}

std::optional<failure> login_standing::refuse(app_standing& app, steady_clock::time_point now) {
    if (app.backoff.is_paused(now)) {
        failure limited = code2session_failure(errcode_minute_limit);
        limited.retry_after = whole_seconds(app.backoff.pause_left(now));
        return limited;
    }
    if (!reach_.admit(now)) return unavailable(whole_seconds(reach_.pause_left(now)));
    if (!app.breaker.admit(now)) {
        reach_.gave_up();
        return unavailable(whole_seconds(app.breaker.pause_left(now)));
    }
    return std::nullopt;
}

bool login_standing::is_worth_asking(const app_standing& app) const noexcept {
    constexpr auto open = circuit_breaker::state::open;
    return app.breaker.current() != open && reach_.current() != open;
}

void login_standing::gave_up(app_standing& app) noexcept {
    app.breaker.gave_up();
    reach_.gave_up();
}

void login_standing::note(app_standing& app, const std::string& appid, const login_attempt& tried) {
    using verdict = login_attempt::verdict;
    if (tried.said != verdict::unasked && tried.was_sent) {
        reach_.succeeded();
        if (std::exchange(is_out_of_reach_, false))
            log_warning("WeChat can be reached again: the breaker is closed");
    }
    switch (tried.said) {
    case verdict::answered:
        app.breaker.succeeded();
        state_.store(upstream_state::up, std::memory_order_relaxed);
        if (std::exchange(app.is_down, false))
            log_warning("WeChat answers again: the breaker is closed", {{"appid", appid}});
        break;
    case verdict::silent: note_silence(app, appid, tried); break;
    case verdict::unasked: gave_up(app); break;
    }

    if (tried.reply)
        app.backoff.succeeded();
    else
        note_failure(app, appid, tried.reply.error());
}

// No connection is everybody's trouble; a request without an answer, as far as anybody knows, this app's.
// Either is said once, not after every probe.
void login_standing::note_silence(app_standing& app, const std::string& appid, const login_attempt& tried) {
    circuit_breaker& broken = tried.was_sent ? app.breaker : reach_;
    if (!tried.was_sent) app.breaker.gave_up();
    broken.failed(steady_clock::now());
    const bool is_open = broken.current() == circuit_breaker::state::open;
    state_.store(is_open ? upstream_state::breaker_open : upstream_state::failing, std::memory_order_relaxed);
    if (!is_open) return;
    const failure trouble = tried.reply.error();
    const std::string_view why = trouble.detail;
    if (tried.was_sent && !std::exchange(app.is_down, true))
        log_error(
            "WeChat does not answer: the breaker is open, logins are refused",
            {{"appid", appid}, {"why", why}, {"check", silence_to_check}});
    if (!tried.was_sent && !std::exchange(is_out_of_reach_, true))
        log_error(
            "WeChat cannot be reached: the breaker is open, logins of all apps are refused",
            {{"why", why}, {"check", check_against(trouble)}});
}

} // namespace wxlogind::wechat

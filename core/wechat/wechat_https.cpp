#include "core/wechat/wechat_https.hpp"

#include "core/base/encoding.hpp"
#include "core/base/log.hpp"
#include "core/net/reactor.hpp"
#include "core/wechat/app_backoff.hpp"
#include "core/wechat/circuit_breaker.hpp"
#include "core/wechat/code2session_reply.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/exchange_rules.hpp"

#include <functional>
#include <stdexcept>
#include <utility>

namespace wxlogind::wechat {

namespace {

constexpr unsigned most_busy_answers = 2; // after which -1 is asked again
constexpr std::chrono::seconds alarm_interval{60};
// Before the other AppSecret is tried again, when WeChat has refused both.
constexpr std::chrono::seconds pause_between_secrets{1};

net::https_limits share_of(const wechat_settings& all, client_share part) {
    const auto share = [part](std::size_t whole) { return std::max<std::size_t>(1, whole / part.of); };
    net::https_limits limits;
    limits.max_connections = share(all.max_connections);
    limits.max_opening = std::min<std::size_t>(limits.max_opening, limits.max_connections);
    limits.max_waiting = all.max_waiting == 0 ? 0 : share(all.max_waiting);
    limits.max_body = max_reply_bytes;
    limits.connect_timeout = all.connect_timeout;
    limits.tls_timeout = all.tls_timeout;
    limits.first_byte_timeout = all.first_byte_timeout;
    limits.idle_timeout = all.idle_timeout;
    return limits;
}

secret render_request(
    const std::string& authority, const std::string& appid, const secret& shown, std::string_view code) {
    std::string text;
    // Never grows: no copies of the secret.
    text.reserve(512 + 3 * (appid.size() + shown.reveal().size() + code.size()));
    text += "GET ";
    text += login_path;
    text += "?appid=";
    percent_encode_append(text, appid);
    text += "&secret=";
    percent_encode_append(text, shown.reveal());
    text += "&js_code=";
    percent_encode_append(text, code);
    text += "&grant_type=authorization_code HTTP/1.1\r\nHost: ";
    text += authority;
    text += "\r\nAccept: application/json\r\n\r\n";
    return secret{std::move(text)};
}

// What an exchange without a response means to the client.
failure failure_of(const net::exchange_outcome& outcome) {
    using net::exchange_fault;
    if (outcome.fault == exchange_fault::queue_full)
        return {errc::overloaded, "too many logins wait for WeChat"};
    if (!outcome.was_sent) return unavailable(outcome.fault);
    if (outcome.fault == exchange_fault::deadline)
        return {errc::wechat_timeout, "WeChat did not answer in time"};
    if (outcome.fault == exchange_fault::bad_response)
        return {errc::wechat_bad_answer, "WeChat's answer is not HTTP"};
    return {errc::code_rejected, "WeChat's answer was lost"};
}

} // namespace

// What the tries of one login came to, and what that says of WeChat.
struct wechat_https::attempt {
    enum class verdict : unsigned char {
        answered, // WeChat itself has spoken
        silent,
        unasked,
    };

    attempt(result<code_session> with, verdict means, bool was_code_sent = true)
        : reply{std::move(with)}, said{means}, was_sent{was_code_sent} {}

    [[nodiscard]] bool refuses_secret() const noexcept {
        return reply.has_error() && reply.error().wechat_errcode == errcode_invalid_secret;
    }

    result<code_session> reply;
    verdict said;
    bool was_sent; // so WeChat was reached
};

// What may be done only so often for one code, with whatever secret.
struct wechat_https::tries {
    bool has_retried{false};
    unsigned busy_answers{0};
};

struct wechat_https::app_health {
    app_health(const wechat_settings& settings, round_trips& to, breaker_sign& sign)
        : counts{to}, breaker{settings.breaker_failures, settings.breaker_pause, &sign} {}

    round_trips& counts;
    circuit_breaker breaker; // WeChat was reached, and answered nothing
    app_backoff backoff;
    steady_clock::time_point other_secret_again{}; // both were refused
    bool is_down{false};                           // the log has said so
    steady_clock::time_point alarm_again{};
    steady_clock::time_point warning_again{};
};

std::unique_ptr<net::https_upstream> make_upstream(const wechat_settings& settings) {
    auto origin = net::parse_https_origin(settings.base_url);
    if (!origin)
        throw std::runtime_error{"wechat.base_url: \"" + settings.base_url + "\" is not https://host[:port]"};
    net::resolver_settings lookup;
    lookup.interval = settings.resolve_interval;
    lookup.servers = settings.dns_servers;
    return std::make_unique<net::https_upstream>(std::move(*origin), settings.ca_file, lookup);
}

wechat_https::wechat_https(
    net::reactor& home, const net::https_upstream& upstream, const wechat_settings& settings,
    client_share share, client_round_trips& counts)
    : settings_{settings},
      share_{share},
      home_{home},
      counts_{counts},
      authority_{upstream.origin.authority()},
      pool_{home, upstream, share_of(settings, share)},
      reach_{settings.breaker_failures, settings.breaker_pause, &counts.reach},
      jitter_{home.index() + 1} {}

wechat_https::~wechat_https() = default;

void wechat_https::use(
    const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served) {
    settings_ = settings;
    pool_.use(share_of(settings_, share_));
    reach_.change(settings_.breaker_failures, settings_.breaker_pause);
    std::erase_if(apps_, [&is_served](const auto& each) { return !is_served(each.first); });
    for (const auto& [appid, health] : apps_) {
        health->breaker.change(settings_.breaker_failures, settings_.breaker_pause);
        health->other_secret_again = {};
    }
}

std::shared_ptr<wechat_https::app_health> wechat_https::health_of(const std::string& appid) {
    auto place = apps_.find(appid);
    if (place != apps_.end()) return place->second;
    round_trips& counts = counts_.of(appid, login_path, wechat_call::code_to_session);
    breaker_sign& sign = counts_.sign_of(appid, breaker_of::logins);
    return apps_.emplace(appid, std::make_shared<app_health>(settings_, counts, sign)).first->second;
}

std::chrono::milliseconds wechat_https::pause_after_busy() noexcept {
    return std::chrono::milliseconds{50 + jitter_() % 150};
}

// The code is sent once; again only when it certainly was not sent, or after -1.
task<wechat_https::attempt>
wechat_https::try_exchange(const net::https_exchange& what, tries& so_far, round_trips& counts) {
    using verdict = attempt::verdict;
    net::https_exchange exchange = what;
    for (;;) {
        net::exchange_outcome outcome = co_await pool_.exchange(exchange);
        if (outcome.fault != net::exchange_fault::none) counts.failed(outcome);
        if (is_lost_unsent(outcome) && !std::exchange(so_far.has_retried, true)) {
            exchange.fresh = true;
            continue;
        }
        if (outcome.fault != net::exchange_fault::none) {
            if (so_far.busy_answers != 0 && !outcome.was_sent)
                co_return attempt{code2session_failure(errcode_busy), verdict::answered};
            const verdict said = is_unasked(outcome) ? verdict::unasked : verdict::silent;
            co_return attempt{failure_of(outcome), said, outcome.was_sent};
        }

        const secret body{std::move(outcome.body)};
        auto reply = read_code2session_response(outcome.status, body.reveal());
        const int errcode = reply ? errcode_ok : reply.error().wechat_errcode;
        counts.answered(outcome, reply);
        const auto pause = pause_after_busy();
        if (errcode != errcode_busy || so_far.busy_answers++ == most_busy_answers ||
            steady_clock::now() + pause >= exchange.until) {
            const bool has_spoken = reply.has_value() || errcode != errcode_ok;
            co_return attempt{std::move(reply), has_spoken ? verdict::answered : verdict::silent};
        }
        steady_timer timer{home_.get_executor(), pause};
        co_await timer.async_wait(as_result);
    }
}

// With the secret that WeChat took last; and with the other one, if there is one, when that is not it. WeChat
// has not looked at the code then.
task<wechat_https::attempt> wechat_https::try_secrets(
    const app_credentials& app, std::string_view code, net::https_exchange& what, app_health& health) {
    tries so_far;
    const secret& likely = app.likely_secret();
    const secret request = render_request(authority_, app.appid, likely, code);
    what.request = request.reveal();
    attempt first = co_await try_exchange(what, so_far, health.counts);
    const secret* const other = first.refuses_secret() ? app.other_than(likely) : nullptr;
    if (other == nullptr || steady_clock::now() < health.other_secret_again) co_return std::move(first);

    const secret again = render_request(authority_, app.appid, *other, code);
    what.request = again.reveal();
    attempt second = co_await try_exchange(what, so_far, health.counts);
    if (second.refuses_secret())
        health.other_secret_again = steady_clock::now() + pause_between_secrets;
    else if (second.said == attempt::verdict::answered)
        app.prefer(*other);
    co_return std::move(second);
}

void wechat_https::note(app_health& health, const std::string& appid, const attempt& tried) {
    if (tried.said != attempt::verdict::unasked && tried.was_sent) {
        reach_.succeeded();
        if (std::exchange(is_out_of_reach_, false))
            log_warning("WeChat can be reached again: the breaker is closed");
    }
    switch (tried.said) {
    case attempt::verdict::answered:
        health.breaker.succeeded();
        state_.store(upstream_state::up, std::memory_order_relaxed);
        if (std::exchange(health.is_down, false))
            log_warning("WeChat answers again: the breaker is closed", {{"appid", appid}});
        break;
    case attempt::verdict::silent: note_silence(health, appid, tried); break;
    case attempt::verdict::unasked:
        health.breaker.gave_up();
        reach_.gave_up();
        break;
    }

    if (tried.reply)
        health.backoff.succeeded();
    else
        note_failure(health, appid, tried.reply.error());
}

// No connection is everybody's trouble; a request without an answer, as far as anybody knows, this app's.
// Either is said once, not after every probe.
void wechat_https::note_silence(app_health& health, const std::string& appid, const attempt& tried) {
    circuit_breaker& broken = tried.was_sent ? health.breaker : reach_;
    if (!tried.was_sent) health.breaker.gave_up();
    broken.failed(steady_clock::now());
    const bool is_open = broken.current() == circuit_breaker::state::open;
    state_.store(is_open ? upstream_state::breaker_open : upstream_state::failing, std::memory_order_relaxed);
    if (!is_open) return;
    const failure trouble = tried.reply.error();
    const std::string_view why = trouble.detail;
    if (tried.was_sent && !std::exchange(health.is_down, true))
        log_error(
            "WeChat does not answer: the breaker is open, logins are refused",
            {{"appid", appid}, {"why", why}, {"check", silence_to_check}});
    if (!tried.was_sent && !std::exchange(is_out_of_reach_, true))
        log_error(
            "WeChat cannot be reached: the breaker is open, logins of all apps are refused",
            {{"why", why}, {"check", check_against(trouble)}});
}

// What somebody has to see: once a minute and app, however many logins it fails.
void wechat_https::note_failure(app_health& health, const std::string& appid, const failure& why) {
    const auto now = steady_clock::now();
    const auto is_due = [now](steady_clock::time_point& again) {
        if (now < again) return false;
        again = now + alarm_interval;
        return true;
    };
    if (why.wechat_errcode == errcode_minute_limit) health.backoff.limited(now);
    if (why.code == errc::wechat_misconfigured && is_due(health.alarm_again)) {
        log_error(
            "WeChat refuses this app, nobody can log in: somebody has to act",
            {{"appid", appid},
             {"errcode", std::to_string(why.wechat_errcode), true},
             {"check", what_to_check(why.wechat_errcode)}});
    }
    const bool is_odd = why.code == errc::wechat_bad_answer || why.wechat_errcode == errcode_day_limit;
    if (is_odd && is_due(health.warning_again)) {
        const std::string errcode = why.wechat_errcode == 0 ? "" : std::to_string(why.wechat_errcode);
        log_warning(
            "WeChat does not let users in", {{"appid", appid},
                                             {"errcode", errcode, true},
                                             {"why", why.detail},
                                             {"check", what_to_check(why.wechat_errcode)}});
    }
}

task<result<code_session>> wechat_https::exchange_code(
    const app_credentials& app, std::string_view code, std::function<bool()> is_wanted, stage_times* stages) {
    const auto now = steady_clock::now();
    const std::shared_ptr<app_health> held = health_of(app.appid);
    app_health& health = *held;
    if (health.backoff.is_paused(now)) {
        failure limited = code2session_failure(errcode_minute_limit);
        limited.retry_after = whole_seconds(health.backoff.pause_left(now));
        co_return limited;
    }
    if (!reach_.admit(now)) co_return unavailable(whole_seconds(reach_.pause_left(now)));
    if (!health.breaker.admit(now)) {
        reach_.gave_up();
        co_return unavailable(whole_seconds(health.breaker.pause_left(now)));
    }

    try {
        net::https_exchange exchange;
        exchange.until = now + settings_.timeout;
        exchange.stages = stages;
        // Whoever still waits for a connection when a breaker opens need not wait for the rest.
        const auto is_worth_sending = [this, &health, &is_wanted] {
            constexpr auto open = circuit_breaker::state::open;
            return health.breaker.current() != open && reach_.current() != open &&
                   (!is_wanted || is_wanted());
        };
        exchange.is_wanted = std::cref(is_worth_sending);
        attempt tried = co_await try_secrets(app, code, exchange, health);
        note(health, app.appid, tried);
        co_return std::move(tried.reply);
    } catch (...) {
        // A probe of which the breakers never hear would be the last.
        health.breaker.gave_up();
        reach_.gave_up();
        throw;
    }
}

} // namespace wxlogind::wechat

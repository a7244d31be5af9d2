#include "core/wechat/wechat_https.hpp"

#include "core/base/encoding.hpp"
#include "core/base/log.hpp"
#include "core/net/reactor.hpp"
#include "core/wechat/app_backoff.hpp"
#include "core/wechat/circuit_breaker.hpp"
#include "core/wechat/code2session_reply.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/exchange_rules.hpp"

#include <stdexcept>
#include <utility>

namespace wxlogind::wechat {

namespace {

constexpr unsigned most_busy_answers = 2; // after which -1 is asked again
constexpr std::chrono::seconds alarm_interval{60};

net::https_limits share_of(const wechat_settings& all, std::size_t reactors) {
    const auto share = [reactors](std::size_t whole) { return std::max<std::size_t>(1, whole / reactors); };
    net::https_limits limits;
    limits.max_connections = share(all.max_connections);
    limits.max_opening = std::min<std::size_t>(limits.max_opening, limits.max_connections);
    limits.max_waiting = share(all.max_waiting);
    limits.max_body = max_reply_bytes;
    limits.connect_timeout = all.connect_timeout;
    limits.tls_timeout = all.tls_timeout;
    limits.first_byte_timeout = all.first_byte_timeout;
    limits.idle_timeout = all.idle_timeout;
    return limits;
}

secret render_request(const std::string& authority, const app_credentials& app, std::string_view code) {
    const secret app_secret{percent_encode(app.app_secret.reveal())};
    std::string text;
    text.reserve(
        512 + app.appid.size() + app_secret.reveal().size() + 3 * code.size()); // never grows: no copies
    text += "GET /sns/jscode2session?appid=";
    text += percent_encode(app.appid);
    text += "&secret=";
    text += app_secret.reveal();
    text += "&js_code=";
    text += percent_encode(code);
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
    if (!outcome.was_sent) return unavailable();
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

    attempt(result<code_session> with, verdict means) : reply{std::move(with)}, said{means} {}

    result<code_session> reply;
    verdict said;
};

struct wechat_https::app_health {
    explicit app_health(const wechat_settings& settings)
        : breaker{settings.breaker_failures, settings.breaker_pause} {}

    circuit_breaker breaker;
    app_backoff backoff;
    bool is_down{false}; // the log has said so
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
    std::size_t reactors)
    : settings_{settings},
      home_{home},
      authority_{upstream.origin.authority()},
      pool_{home, upstream, share_of(settings, reactors)},
      jitter_{home.index() + 1} {}

wechat_https::~wechat_https() = default;

wechat_https::app_health& wechat_https::health_of(const std::string& appid) {
    auto place = apps_.find(appid);
    if (place == apps_.end()) place = apps_.emplace(appid, std::make_unique<app_health>(settings_)).first;
    return *place->second;
}

std::chrono::milliseconds wechat_https::pause_after_busy() noexcept {
    return std::chrono::milliseconds{50 + jitter_() % 150};
}

// The code is sent once; again only when it certainly was not sent, or after -1.
task<wechat_https::attempt> wechat_https::try_exchange(const net::https_exchange& what) {
    using verdict = attempt::verdict;
    net::https_exchange exchange = what;
    bool has_retried = false;
    unsigned busy_answers = 0;
    for (;;) {
        net::exchange_outcome outcome = co_await pool_.exchange(exchange);
        if (is_lost_unsent(outcome) && !std::exchange(has_retried, true)) {
            exchange.fresh = true;
            continue;
        }
        if (outcome.fault != net::exchange_fault::none) {
            if (busy_answers != 0 && !outcome.was_sent)
                co_return attempt{code2session_failure(errcode_busy), verdict::answered};
            co_return attempt{failure_of(outcome), is_unasked(outcome) ? verdict::unasked : verdict::silent};
        }

        const secret body{std::move(outcome.body)};
        auto reply = read_code2session_response(outcome.status, body.reveal());
        const int errcode = reply ? errcode_ok : reply.error().wechat_errcode;
        const auto pause = pause_after_busy();
        if (errcode != errcode_busy || busy_answers++ == most_busy_answers ||
            steady_clock::now() + pause >= exchange.until) {
            const bool has_spoken = reply.has_value() || errcode != errcode_ok;
            co_return attempt{std::move(reply), has_spoken ? verdict::answered : verdict::silent};
        }
        steady_timer timer{home_.get_executor(), pause};
        co_await timer.async_wait(as_result);
    }
}

void wechat_https::note(app_health& health, const std::string& appid, const attempt& tried) {
    switch (tried.said) {
    case attempt::verdict::answered:
        health.breaker.succeeded();
        state_.store(upstream_state::up, std::memory_order_relaxed);
        if (std::exchange(health.is_down, false))
            log_warning("WeChat answers again: the breaker is closed", {{"appid", appid}});
        break;
    case attempt::verdict::silent: {
        health.breaker.failed(steady_clock::now());
        const bool is_open = health.breaker.current() == circuit_breaker::state::open;
        state_.store(
            is_open ? upstream_state::breaker_open : upstream_state::failing, std::memory_order_relaxed);
        // Said once, not after every probe.
        if (is_open && !std::exchange(health.is_down, true))
            log_error(
                "WeChat does not answer: the breaker is open, logins are refused",
                {{"appid", appid}, {"why", tried.reply.error().detail}});
        break;
    }
    case attempt::verdict::unasked: health.breaker.gave_up(); break;
    }

    if (tried.reply)
        health.backoff.succeeded();
    else
        note_failure(health, appid, tried.reply.error());
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
    const app_credentials& app, std::string_view code, std::function<bool()> is_wanted) {
    const auto now = steady_clock::now();
    app_health& health = health_of(app.appid);
    if (health.backoff.is_paused(now)) {
        failure limited = code2session_failure(errcode_minute_limit);
        limited.retry_after = whole_seconds(health.backoff.pause_left(now));
        co_return limited;
    }
    if (!health.breaker.admit(now)) co_return unavailable(whole_seconds(health.breaker.pause_left(now)));

    try {
        const secret request = render_request(authority_, app, code);
        net::https_exchange exchange;
        exchange.request = request.reveal();
        exchange.until = now + settings_.timeout;
        // Whoever still waits for a connection when the breaker opens need not wait for the rest.
        exchange.is_wanted = [&health, &is_wanted] {
            return health.breaker.current() != circuit_breaker::state::open && (!is_wanted || is_wanted());
        };
        attempt tried = co_await try_exchange(exchange);
        note(health, app.appid, tried);
        co_return std::move(tried.reply);
    } catch (...) {
        // A probe of which the breaker never hears would be the last.
        health.breaker.gave_up();
        throw;
    }
}

} // namespace wxlogind::wechat

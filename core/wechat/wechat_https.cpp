#include "core/wechat/wechat_https.hpp"

#include "core/base/encoding.hpp"
#include "core/net/reactor.hpp"
#include "core/net/trace_context.hpp"
#include "core/wechat/code2session_reply.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/exchange_rules.hpp"

#include <functional>
#include <stdexcept>
#include <utility>

namespace wxlogind::wechat {

namespace {

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
    const std::string& authority, const std::string& appid, const secret& shown, std::string_view code,
    std::string_view traceparent) {
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
    text += "\r\nAccept: application/json\r\n";
    net::append_trace_field(text, traceparent);
    text += "\r\n";
    return secret{std::move(text)};
}

} // namespace

// What may be done only so often for one code, with whatever secret.
struct wechat_https::tries {
    bool has_retried{false};
    unsigned busy_answers{0};
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
      authority_{upstream.origin.authority()},
      pool_{home, upstream, share_of(settings, share)},
      standing_{settings, counts},
      jitter_{home.index() + 1} {}

wechat_https::~wechat_https() = default;

void wechat_https::use(
    const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served) {
    settings_ = settings;
    pool_.use(share_of(settings_, share_));
    standing_.use(settings_, is_served);
}

// The code is sent once; again only when it certainly was not sent, or after -1.
task<login_attempt>
wechat_https::try_exchange(const net::https_exchange& what, tries& so_far, round_trips& counts) {
    using verdict = login_attempt::verdict;
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
                co_return login_attempt{code2session_failure(errcode_busy), verdict::answered};
            const verdict said = is_unasked(outcome) ? verdict::unasked : verdict::silent;
            failure why = unanswered(outcome, "too many logins wait for WeChat", errc::code_rejected);
            co_return login_attempt{std::move(why), said, outcome.was_sent};
        }

        const secret body{std::move(outcome.body)};
        auto reply = read_code2session_response(outcome.status, body.reveal());
        const int errcode = reply ? errcode_ok : reply.error().wechat_errcode;
        counts.answered(outcome, reply);
        const auto pause = pause_after_busy(jitter_);
        if (errcode != errcode_busy || so_far.busy_answers++ == most_busy_answers ||
            steady_clock::now() + pause >= exchange.until) {
            const bool has_spoken = reply.has_value() || errcode != errcode_ok;
            co_return login_attempt{std::move(reply), has_spoken ? verdict::answered : verdict::silent};
        }
        steady_timer timer{home_.get_executor(), pause};
        co_await timer.async_wait(as_result);
    }
}

// With the secret that WeChat took last; and with the other one, if there is one, when that is not it. WeChat
// has not looked at the code then.
task<login_attempt> wechat_https::try_secrets(
    const app_credentials& app, std::string_view code, std::string_view traceparent,
    net::https_exchange& what, app_standing& standing) {
    tries so_far;
    const secret& likely = app.likely_secret();
    const secret request = render_request(authority_, app.appid, likely, code, traceparent);
    what.request = request.reveal();
    login_attempt first = co_await try_exchange(what, so_far, standing.counts);
    const secret* const other = first.refuses_secret() ? app.other_than(likely) : nullptr;
    if (other == nullptr || steady_clock::now() < standing.other_secret_again) co_return std::move(first);

    const secret again = render_request(authority_, app.appid, *other, code, traceparent);
    what.request = again.reveal();
    login_attempt second = co_await try_exchange(what, so_far, standing.counts);
    if (second.refuses_secret())
        standing.other_secret_again = steady_clock::now() + pause_between_secrets;
    else if (second.said == login_attempt::verdict::answered)
        app.prefer(*other);
    co_return std::move(second);
}

task<result<code_session>> wechat_https::exchange_code(
    const app_credentials& app, std::string_view code, std::function<bool()> is_wanted, call_origin from) {
    const auto now = steady_clock::now();
    const std::shared_ptr<app_standing> app_held = standing_.of(app.appid);
    app_standing& its = *app_held;
    if (auto refused = standing_.refuse(its, now)) co_return std::move(*refused);

    try {
        net::https_exchange exchange;
        exchange.until = now + settings_.timeout;
        exchange.stages = from.stages;
        const std::string_view trace = settings_.send_traceparent ? from.traceparent : std::string_view{};
        const auto is_worth_sending = [this, &its, &is_wanted] {
            return standing_.is_worth_asking(its) && (!is_wanted || is_wanted());
        };
        exchange.is_wanted = std::cref(is_worth_sending);
        login_attempt tried = co_await try_secrets(app, code, trace, exchange, its);
        standing_.note(its, app.appid, tried);
        co_return std::move(tried.reply);
    } catch (...) {
        // A probe of which the breakers never hear would be the last.
        standing_.gave_up(its);
        throw;
    }
}

} // namespace wxlogind::wechat

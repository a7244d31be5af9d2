#include "core/wechat/api_channel.hpp"

#include "core/base/encoding.hpp"
#include "core/net/reactor.hpp"
#include "core/net/trace_context.hpp"
#include "core/wechat/api_protection.hpp"
#include "core/wechat/api_reply.hpp"
#include "core/wechat/errcodes.hpp"
#include "core/wechat/exchange_rules.hpp"

#include <utility>

namespace wxlogind::wechat {

namespace {

// What goes out besides the path and the token: as the caller wrote it, or as the app protects it.
struct outgoing {
    std::string_view query;
    std::string_view fields; // of the head, each with its line end
    std::string_view body;
    std::string_view traceparent; // "" = none
};

secret render_request(
    const std::string& authority, std::string_view path, const outgoing& what, const secret& token) {
    const std::string_view body = what.body;
    const secret shown_token{percent_encode(token.reveal())};
    std::string text;
    text.reserve(
        512 + path.size() + what.query.size() + what.fields.size() + shown_token.reveal().size() +
        body.size());
    text += body.empty() ? "GET " : "POST ";
    text += path;
    char before = '?';
    if (!token.empty()) {
        text += "?access_token=";
        text += shown_token.reveal();
        before = '&';
    }
    if (!what.query.empty()) {
        text += before;
        text += what.query;
    }
    text += " HTTP/1.1\r\nHost: ";
    text += authority;
    text += "\r\nAccept: application/json\r\n";
    net::append_trace_field(text, what.traceparent);
    text += what.fields;
    if (!body.empty()) {
        text += "Content-Type: application/json\r\nContent-Length: ";
        text += std::to_string(body.size());
        text += "\r\n";
    }
    text += "\r\n";
    text += body;
    return secret{std::move(text)};
}

} // namespace

// What the tries of one call came to, and what that says of WeChat.
struct api_channel::attempt {
    attempt(result<secret> with, bool has_been_asked = true)
        : reply{std::move(with)}, was_asked{has_been_asked} {}

    [[nodiscard]] bool is_answer() const { return reply.has_value() || reply.error().wechat_errcode != 0; }

    result<secret> reply;
    bool was_asked;
};

api_channel::api_channel(
    net::reactor& home, net::https_pool& pool, std::string authority, const wechat_settings& settings,
    client_round_trips& counts, const wall_clock& clock)
    : home_{home},
      pool_{pool},
      counts_{counts},
      clock_{clock},
      authority_{std::move(authority)},
      breaker_failures_{settings.breaker_failures},
      breaker_pause_{settings.breaker_pause},
      send_traceparent_{settings.send_traceparent},
      jitter_{home.index() + 1} {}

void api_channel::use(
    const wechat_settings& settings, const std::function<bool(std::string_view appid)>& is_served) {
    breaker_failures_ = settings.breaker_failures;
    breaker_pause_ = settings.breaker_pause;
    send_traceparent_ = settings.send_traceparent;
    std::erase_if(breakers_, [&is_served](const auto& each) { return !is_served(each.first); });
    for (auto& [appid, breaker] : breakers_) breaker->change(breaker_failures_, breaker_pause_);
}

std::shared_ptr<circuit_breaker> api_channel::breaker_for(const std::string& appid) {
    auto place = breakers_.find(appid);
    if (place == breakers_.end()) {
        breaker_sign* const sign = &counts_.sign_of(appid, breaker_of::others);
        auto made = std::make_shared<circuit_breaker>(breaker_failures_, breaker_pause_, sign);
        place = breakers_.emplace(appid, std::move(made)).first;
    }
    return place->second;
}

// The answer's JSON object, if it is a success and, where it has to be proved, WeChat's.
result<secret> api_channel::read(
    net::exchange_outcome& outcome, const api_call& what, const api_protection* protection) const {
    secret body{std::move(outcome.body)};
    if (protection != nullptr && outcome.status == 200)
        return protection->open(
            what, outcome.fields, body.reveal(), std::chrono::floor<std::chrono::seconds>(clock_.now()));
    if (const auto checked = check_api_response(outcome.status, body.reveal(), what.kind); !checked)
        return checked.error();
    return body;
}

task<api_channel::attempt> api_channel::try_call(
    const api_call& what, const net::https_exchange& how, const api_protection* protection,
    round_trips& counts) {
    net::https_exchange exchange = how;
    bool has_retried = false;
    unsigned busy_answers = 0;
    for (;;) {
        net::exchange_outcome outcome = co_await pool_.exchange(exchange);
        if (outcome.fault != net::exchange_fault::none) counts.failed(outcome);
        if (is_lost_unsent(outcome) && !std::exchange(has_retried, true)) {
            exchange.fresh = true;
            continue;
        }
        if (outcome.fault != net::exchange_fault::none) {
            const failure why =
                unanswered(outcome, "too many calls wait for WeChat", errc::wechat_bad_answer);
            co_return attempt{why, !is_unasked(outcome)};
        }

        result<secret> reply = read(outcome, what, protection);
        counts.answered(outcome, reply);
        if (reply) co_return attempt{std::move(reply)};
        const auto pause = pause_after_busy(jitter_);
        const bool is_busy = reply.error().wechat_errcode == errcode_busy;
        if (!is_busy || !what.may_repeat || busy_answers++ == most_busy_answers ||
            steady_clock::now() + pause >= exchange.until)
            co_return attempt{std::move(reply)};
        steady_timer timer{home_.get_executor(), pause};
        co_await timer.async_wait(as_result);
    }
}

task<result<secret>> api_channel::ask(
    const app_credentials& app, const api_call& what, const secret& token, steady_clock::time_point until) {
    const auto now = steady_clock::now();
    const std::shared_ptr<circuit_breaker> held = breaker_for(app.appid);
    circuit_breaker& breaker = *held;
    if (!breaker.admit(now)) co_return unavailable(whole_seconds(breaker.pause_left(now)));
    round_trips& counts = counts_.of(app.appid, what.path, what.kind);
    try {
        const std::shared_ptr<const api_protection> protection =
            api_protection::covers(what.path) ? app.protection : nullptr;
        net::https_exchange exchange;
        secret request;
        const std::string_view trace = send_traceparent_ ? what.traceparent : std::string_view{};
        if (protection) {
            const auto hidden =
                protection->protect(what, std::chrono::floor<std::chrono::seconds>(clock_.now()));
            request = render_request(authority_, what.path, {{}, hidden.fields, hidden.body, trace}, token);
            exchange.wanted_fields = api_protection::wanted_fields;
        } else {
            request =
                render_request(authority_, what.path, {what.query, {}, what.body.reveal(), trace}, token);
        }
        exchange.request = request.reveal();
        exchange.until = until;
        exchange.is_wanted = [&breaker] { return breaker.current() != circuit_breaker::state::open; };
        attempt tried = co_await try_call(what, exchange, protection.get(), counts);
        if (tried.is_answer())
            breaker.succeeded();
        else if (tried.was_asked)
            breaker.failed(steady_clock::now());
        else
            breaker.gave_up();
        co_return std::move(tried.reply);
    } catch (...) {
        breaker.gave_up(); // a probe of which the breaker never hears would be the last
        throw;
    }
}

} // namespace wxlogind::wechat

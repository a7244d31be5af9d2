// GET and POST /login: a code of wx.login becomes a user and a session.
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/login_form.hpp"
#include "handlers/open_data.hpp"
#include "handlers/revoking.hpp"
#include "handlers/sealed_places.hpp"
#include "handlers/session_reply.hpp"

#include "core/net/reactor.hpp"

namespace wxlogind::handlers {

namespace {

using std::chrono::floor;
using std::chrono::seconds;

storage::login_record to_record(
    const app& from, wechat::code_session&& known, storage::profile_change&& profile, unix_millis now,
    const token_lifetimes& lives, const services& with) {
    const sealer& seal = with.keys.now().sealer();
    const std::string place = place_of_session_key(from.credentials.appid, known.openid);
    storage::login_record record;
    record.appid = from.credentials.appid;
    record.sealed_session_key = seal.seal(known.session_key.reveal(), place);
    record.session_key_fingerprint = seal.fingerprint(known.session_key.reveal());
    record.openid = std::move(known.openid);
    record.unionid = std::move(known.unionid);
    record.profile = std::move(profile);
    record.now = now;
    record.session_expires = now + lives.refresh;
    record.max_sessions = from.sessions_per_user;
    record.tokens_end = revoking_at(now, with).until;
    return record;
}

struct established_session {
    std::string user;
    std::string body;
};

// From WeChat's answer to the rendered one. The code is spent when this begins, whatever comes of it.
task<result<established_session>> establish_session(
    const app& from, wechat::code_session known, storage::profile_change profile,
    const open_data_form* open_data, services& with, stage_times* stages) {
    const auto admitted =
        with.limits.admit_identity(from.credentials.appid, known.openid, steady_clock::now());
    if (!admitted) co_return admitted.error();
    if (open_data != nullptr) {
        const auto proven = co_await add_proven(profile, known, *open_data, from.credentials.appid, with);
        if (!proven) co_return proven.error();
    }

    const unix_millis now = with.clock.now();
    // The row and the tokens go by the same ones, also when a reload comes between.
    const token_lifetimes& lives = with.lifetimes.now();
    session_grant grant;
    grant.longest_access = lives.access;
    if (from.expose_openid) grant.openid = known.openid;
    if (from.expose_unionid) grant.unionid = known.unionid;

    storage::login_record record = to_record(from, std::move(known), std::move(profile), now, lives, with);
    auto written = co_await with.store.record_login(std::move(record));
    if (!written) co_return written.error();
    if (stages != nullptr) {
        stages->queue = written->took.queue;
        stages->commit = written->took.commit;
    }
    if (written->state == storage::user_state::banned) co_return errc::user_blocked;

    grant.user = written->user;
    grant.sid = written->session;
    grant.is_new = written->is_new;
    grant.issued = floor<seconds>(now);
    grant.refresh_expires = grant.issued + lives.refresh;
    established_session session{
        to_string(grant.user), render_session(grant, from, with.keys.now().signer(), grant.issued, with)};
    co_return session;
}

} // namespace

task<result<net::response>> log_in(const net::request& incoming, services& with) {
    auto form = parse_login_form(incoming);
    if (!form) co_return form.error();
    const auto from = with.apps.choose(form->appid, incoming.header("Referer"));
    if (!from) co_return from.error();
    const app& mini_program = **from;

    // A login does not wait for the check.
    if (mini_program.nickname_check != nickname_policy::off) form->profile.nick_name.reset();
    const auto admitted =
        with.limits.admit_app(mini_program.credentials.appid, mini_program.logins, steady_clock::now());
    if (!admitted) co_return admitted.error();
    // WeChat takes a code once: it is not spent on a login that cannot be kept.
    if (!with.store.takes_writes()) co_return errc::storage_unavailable;
    auto ticket = co_await with.flights.board(
        mini_program.credentials.appid, form->code, incoming.home->get_executor());
    if (!ticket.leads()) {
        const wechat::flight_answer& answer = ticket.answer();
        if (!*answer) co_return answer->error();
        co_return session_reply(answer->value());
    }

    wechat::wechat_api& api = *with.wechat[incoming.home->index()];
    const auto is_wanted = [&incoming, &ticket] {
        return !incoming.is_client_gone() || ticket.has_followers();
    };
    const wechat::call_origin origin{incoming.stages, incoming.traceparent};
    auto known = co_await api.exchange_code(mini_program.credentials, form->code, is_wanted, origin);
    if (!known) {
        const wechat::code_fate fate = wechat::fate_after(known.error());
        ticket.finish(known.error(), fate);
        co_return known.error();
    }

    auto session = co_await establish_session(
        mini_program, std::move(*known), std::move(form->profile), form->open_data.get(), with,
        incoming.stages);
    if (!session) {
        ticket.finish(session.error(), wechat::code_fate::spent);
        co_return session.error();
    }
    const wechat::flight_answer answer = ticket.finish(std::move(session->body), wechat::code_fate::spent);
    net::response reply = session_reply(answer->value());
    reply.subject = std::move(session->user);
    co_return reply;
}

} // namespace wxlogind::handlers

// POST /token/refresh: a refresh token becomes the next pair of tokens.
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/revoking.hpp"
#include "handlers/session_reply.hpp"

#include "core/base/log.hpp"
#include "core/session/refresh_token.hpp"

namespace wxlogind::handlers {

namespace {

using std::chrono::floor;
using std::chrono::seconds;

// Garbage, forged and expired ones are refused here, before anything is looked up.
result<session::refresh_claims>
read_refresh_token(const net::request& incoming, unix_millis now, const services& with) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    const auto token = members->text("refresh_token");
    if (!token) return token.error();
    if (!*token) return failure{errc::invalid_request, "refresh_token: missing"};
    return session::verify_refresh_token(**token, with.keys.now(), floor<seconds>(now));
}

storage::refresh_request
to_request(const session::refresh_claims& shown, unix_millis now, const services& with) {
    storage::refresh_request request;
    request.sid = shown.sid;
    request.generation = shown.generation;
    request.signer = with.keys.now().signer().refresh_hint;
    const token_lifetimes& lives = with.lifetimes.now();
    request.rules.sliding = lives.refresh;
    request.rules.longest = lives.session;
    request.rules.grace = lives.grace;
    request.when = revoking_at(now, with);
    return request;
}

session_grant to_grant(storage::refresh_outcome&& outcome, session::session_id sid, const services& with) {
    session_grant grant;
    grant.longest_access = with.lifetimes.now().access;
    grant.user = outcome.user;
    grant.sid = sid;
    grant.generation = outcome.generation;
    grant.issued = floor<seconds>(outcome.rotated);
    grant.refresh_expires = floor<seconds>(outcome.expires);
    grant.openid = std::move(outcome.openid);
    grant.unionid = std::move(outcome.unionid);
    return grant;
}

void report_theft(const storage::refresh_outcome& outcome, session::session_id sid) {
    log_warning(
        "a refresh token was used twice: its session is ended, since one of the two may be a thief",
        {{"user", to_string(outcome.user)}, {"sid", std::to_string(sid), true}});
}

} // namespace

task<result<net::response>> refresh_session(const net::request& incoming, services& with) {
    const unix_millis now = with.clock.now();
    const auto shown = read_refresh_token(incoming, now, with);
    if (!shown) co_return shown.error();

    storage::refresh_request request = to_request(*shown, now, with);
    auto outcome = co_await with.sessions.refresh(std::move(request));
    if (!outcome) co_return outcome.error();
    if (outcome->state == storage::user_state::banned) co_return errc::user_blocked;
    if (outcome->verdict == storage::refresh_verdict::stolen) report_theft(*outcome, shown->sid);
    const app* const from = with.apps.find(outcome->appid); // none where there is no pair to be had
    if (from == nullptr) co_return errc::invalid_token;

    const session::prepared_key& signer = with.keys.now().signer_by_hint(outcome->signer);
    const session_grant grant = to_grant(std::move(*outcome), shown->sid, with);
    net::response reply =
        session_reply(render_session(grant, *from, signer, floor<seconds>(with.clock.now()), with));
    reply.subject = to_string(grant.user);
    co_return reply;
}

} // namespace wxlogind::handlers

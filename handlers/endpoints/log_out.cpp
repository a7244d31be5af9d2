// POST /logout: the session of the token ends, or with {"all":true} every session of its user.
#include "handlers/bearer.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/revoking.hpp"

namespace wxlogind::handlers {

namespace {

// wx.request sends no body where there is nothing to say.
result<bool> wants_all(const net::request& incoming) {
    if (incoming.body.empty()) return false;
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    const auto all = members->flag("all");
    if (!all) return all.error();
    return all->value_or(false);
}

} // namespace

task<result<net::response>> log_out(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    const auto all = wants_all(incoming);
    if (!all) co_return all.error();

    const storage::revoking when = revoking_at(with.clock.now(), with);
    const auto done = *all ? co_await with.sessions.revoke_sessions_of(claims->user, when)
                           : co_await with.sessions.revoke_session(claims->sid, claims->user, when);
    if (!done) co_return done.error();

    net::response ended;
    ended.status = 204;
    ended.subject = to_string(claims->user);
    co_return ended;
}

} // namespace wxlogind::handlers

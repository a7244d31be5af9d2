// POST /introspect (RFC 7662), for back ends: is this token good, and whose is it?
#include "handlers/bearer.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/token_form.hpp"

#include "core/base/json_text.hpp"
#include "core/session/refresh_token.hpp"

namespace wxlogind::handlers {

namespace {

void append_member(std::string& to, std::string_view name, std::string_view value) {
    to += ",\"";
    to += name;
    to += "\":";
    append_json_string(to, value);
}

void append_time(std::string& to, std::string_view name, unix_seconds time) {
    to += ",\"";
    to += name;
    to += "\":";
    to += std::to_string(time.time_since_epoch().count());
}

// What both kinds of token have; without the closing brace.
std::string
render_session(std::string_view appid, const user_id& user, session::session_id sid, const services& with) {
    std::string body{R"({"active":true)"};
    append_member(body, "iss", with.token_rules.issuer);
    append_member(body, "aud", appid);
    append_member(body, "client_id", appid);
    append_member(body, "sub", to_string(user));
    append_member(body, "sid", std::to_string(sid));
    return body;
}

std::string render_access(const session::token_claims& claims, const services& with) {
    std::string body = render_session(claims.appid, claims.user, claims.sid, with);
    append_member(body, "token_type", "Bearer");
    append_time(body, "iat", claims.issued);
    append_time(body, "exp", claims.expires);
    if (!claims.openid.empty()) append_member(body, "openid", claims.openid);
    body += '}';
    return body;
}

std::string
render_refresh(const session::refresh_claims& token, const storage::session_state& of, const services& with) {
    std::string body = render_session(of.appid, of.user, token.sid, with);
    append_time(body, "exp", token.expires);
    body += '}';
    return body;
}

// Whether /token/refresh would take it now and go on from it.
bool serves(
    const session::refresh_claims& token, const storage::session_state& of, unix_millis now,
    const services& with) {
    return !of.is_revoked && of.owner == storage::user_state::active && of.generation == token.generation &&
           now < of.expires && now < of.created + with.lifetimes.now().session &&
           with.apps.find(of.appid) != nullptr;
}

// Section 2.2: one answer for whatever is wrong with a token.
constexpr std::string_view not_active{R"({"active":false})"};

net::response answer_with(std::string body, std::string user) {
    net::response known;
    known.no_store = true;
    known.body = std::move(body);
    known.subject = std::move(user);
    return known;
}

} // namespace

task<result<net::response>> introspect_token(const net::request& incoming, services& with) {
    const auto token = parse_token_form(incoming);
    if (!token) co_return token.error();

    // As /verify does, without a look at the database.
    if (const auto claims = check_token(*token, with))
        co_return answer_with(render_access(*claims, with), to_string(claims->user));

    const unix_millis now = with.clock.now();
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    const auto refresh = session::verify_refresh_token(*token, with.keys.now(), second);
    if (!refresh) co_return answer_with(std::string{not_active}, {});
    const auto found = co_await with.sessions.find_session(refresh->sid);
    if (!found && found.error().code != errc::not_found) co_return found.error();
    if (!found || !serves(*refresh, *found, now, with)) co_return answer_with(std::string{not_active}, {});
    co_return answer_with(render_refresh(*refresh, *found, with), to_string(found->user));
}

} // namespace wxlogind::handlers

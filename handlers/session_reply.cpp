#include "handlers/session_reply.hpp"

#include "core/base/json_text.hpp"
#include "core/session/refresh_token.hpp"

#include <algorithm>

namespace wxlogind::handlers {

std::string render_session(
    const session_grant& grant, const app& from, const session::prepared_key& signer, unix_seconds now,
    services& with) {
    with.revoked.note_issued(grant.issued);
    session::token_claims claims;
    claims.appid = from.credentials.appid;
    claims.user = grant.user;
    claims.sid = grant.sid;
    claims.issued = grant.issued;
    // Near the end of its longest life a session must not be outlived by its token.
    claims.expires = std::min(grant.issued + grant.longest_access, grant.refresh_expires);
    if (from.expose_openid) claims.openid = grant.openid;

    session::refresh_claims refresh;
    refresh.sid = grant.sid;
    refresh.generation = grant.generation;
    refresh.expires = grant.refresh_expires;

    std::string body;
    body.reserve(768);
    body += R"({"id":")";
    append_text(body, grant.user);
    body += R"(","token":")";
    session::append_token(body, claims, with.token_rules, signer);
    body += R"(","token_type":"Bearer","expires_in":)";
    body += std::to_string((claims.expires - now).count());
    body += R"(,"refresh_token":")";
    session::append_refresh_token(body, refresh, signer);
    body += R"(","refresh_expires_in":)";
    body += std::to_string((refresh.expires - now).count());
    body += grant.is_new ? R"(,"is_new":true)" : R"(,"is_new":false)";
    if (from.expose_openid) {
        body += R"(,"openid":)";
        append_json_string(body, grant.openid);
    }
    if (from.expose_unionid && grant.unionid) {
        body += R"(,"unionid":)";
        append_json_string(body, *grant.unionid);
    }
    body += '}';
    return body;
}

net::response session_reply(std::string body) {
    net::response out;
    out.body = std::move(body);
    out.no_store = true;
    return out;
}

} // namespace wxlogind::handlers

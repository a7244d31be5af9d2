// POST /revoke (RFC 7009), for back ends: whichever token of a session is shown, the session ends.
#include "handlers/acting_for.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/token_form.hpp"
#include "handlers/revoking.hpp"

#include "core/session/refresh_token.hpp"

namespace wxlogind::handlers {

namespace {

struct named_session {
    session::session_id sid{};
    std::optional<user_id> user; // an access token tells
};

// nullopt: not a token of ours, or one that has expired. token_type_hint only says where to look first
// (section 2.1), and looking costs nothing here.
std::optional<named_session> session_of(std::string_view token, const services& with) {
    const auto now = std::chrono::floor<std::chrono::seconds>(with.clock.now());
    if (const auto access = session::verify_token(token, with.token_rules, with.keys.now(), now))
        return named_session{access->sid, access->user};
    if (const auto refresh = session::verify_refresh_token(token, with.keys.now(), now))
        return named_session{refresh->sid, std::nullopt};
    return std::nullopt;
}

} // namespace

task<result<net::response>> revoke_token(const net::request& incoming, services& with) {
    const auto token = parse_token_form(incoming);
    if (!token) co_return token.error();

    net::response done;
    done.no_store = true;
    const auto named = session_of(*token, with);
    // Section 2.2: what is no token (any more) is as good as revoked.
    if (!named) co_return done;
    const storage::revoking when = revoking_for(incoming, with);
    const auto revoked = co_await with.sessions.revoke_session(named->sid, named->user, when);
    if (!revoked && revoked.error().code != errc::not_found) co_return revoked.error();
    co_return done;
}

} // namespace wxlogind::handlers

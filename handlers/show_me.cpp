// GET /me: the profile of the token's user. PATCH /me changes it, DELETE /me erases the user.
#include "handlers/acting_for.hpp"
#include "handlers/bearer.hpp"
#include "handlers/endpoints.hpp"
#include "handlers/profile_form.hpp"
#include "handlers/user_json.hpp"

namespace wxlogind::handlers {

namespace {

// The user of a token that was valid a moment ago, as the database knows it now.
result<net::response> reply_with(
    const result<storage::user_record>& user, const session::token_claims& claims, const services& with) {
    // Erased since: the token is as good as any other that is not valid.
    if (!user && user.error().code == errc::not_found) return errc::invalid_token;
    if (!user) return user.error();
    if (user->state == storage::user_state::banned) return errc::user_blocked;

    const app* const from = with.apps.find(claims.appid);
    net::response profile;
    profile.no_store = true;
    profile.body = render_profile(*user, from != nullptr && from->expose_unionid);
    profile.subject = to_string(claims.user);
    return profile;
}

} // namespace

task<result<net::response>> show_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    const auto user = co_await with.store.find_user(claims->user);
    co_return reply_with(user, *claims, with);
}

task<result<net::response>> change_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    auto change = parse_profile_change(incoming);
    if (!change) co_return change.error();
    const auto user = co_await with.users.change_profile(claims->user, std::move(*change), with.clock.now());
    co_return reply_with(user, *claims, with);
}

task<result<net::response>> erase_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    storage::revoking when = revoking_for(incoming, with);
    const auto done = co_await with.users.erase(claims->user, std::move(when));
    if (!done && done.error().code == errc::not_found) co_return errc::invalid_token;
    if (!done) co_return done.error();
    net::response erased;
    erased.status = 204;
    erased.subject = to_string(claims->user);
    co_return erased;
}

} // namespace wxlogind::handlers

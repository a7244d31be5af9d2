// GET /me: the profile of the token's user. PATCH /me changes it, DELETE /me erases the user.
#include "handlers/acting_for.hpp"
#include "handlers/bearer.hpp"
#include "handlers/endpoints.hpp"
#include "handlers/me.hpp"
#include "handlers/profile_form.hpp"

namespace wxlogind::handlers {

task<result<net::response>> show_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    const auto user = co_await find_me(*claims, with);
    co_return show_profile(user, *claims, with);
}

task<result<net::response>> change_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    auto change = parse_profile_change(incoming);
    if (!change) co_return change.error();
    const auto user = co_await with.users.change_profile(claims->user, std::move(*change), with.clock.now());
    co_return show_profile(user, *claims, with);
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

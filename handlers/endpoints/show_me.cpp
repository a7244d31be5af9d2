// GET /me: the profile of the token's user. PATCH /me changes it, DELETE /me erases the user.
#include "handlers/acting_for.hpp"
#include "handlers/bearer.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/profile_form.hpp"
#include "handlers/me.hpp"
#include "handlers/nickname_check.hpp"
#include "handlers/pictures/profile_avatar.hpp"

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
    const auto is_allowed = co_await check_nickname(*change, *claims, incoming, with);
    if (!is_allowed) co_return is_allowed.error();
    const bool is_about_picture = change->avatar_url.has_value();
    std::string before;
    if (is_about_picture) before = co_await avatar_of(claims->user, with);
    const auto user = co_await with.users.change_profile(claims->user, std::move(*change), with.clock.now());
    if (user && is_about_picture) co_await forget_avatar(std::move(before), with);
    co_return show_profile(user, *claims, with);
}

task<result<net::response>> erase_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    storage::revoking when = revoking_for(incoming, with);
    std::string picture = co_await avatar_of(claims->user, with);
    const auto done = co_await with.users.erase(claims->user, std::move(when));
    if (done) co_await forget_avatar(std::move(picture), with);
    if (!done && done.error().code == errc::not_found) co_return errc::invalid_token;
    if (!done) co_return done.error();
    net::response erased;
    erased.status = 204;
    erased.subject = to_string(claims->user);
    co_return erased;
}

} // namespace wxlogind::handlers

#include "handlers/me.hpp"

#include "handlers/phones.hpp"
#include "handlers/user_json.hpp"

namespace wxlogind::handlers {

namespace {

// As good as any other token that is not valid.
result<storage::user_record> as_owner_sees(result<storage::user_record> user) {
    if (!user && user.error().code == errc::not_found) return errc::invalid_token;
    if (user && user->state == storage::user_state::banned) return errc::user_blocked;
    return user;
}

} // namespace

task<result<storage::user_record>> find_me(const session::token_claims& claims, const services& with) {
    auto user = co_await with.store.find_user(claims.user);
    co_return as_owner_sees(std::move(user));
}

result<net::response> show_profile(
    const result<storage::user_record>& found, const session::token_claims& claims, const services& with) {
    const auto user = as_owner_sees(found);
    if (!user) return user.error();
    const app* const from = with.apps.find(claims.appid);
    net::response profile;
    profile.no_store = true;
    profile.body = render_profile(*user, from != nullptr && from->expose_unionid, with);
    profile.subject = to_string(claims.user);
    return profile;
}

} // namespace wxlogind::handlers

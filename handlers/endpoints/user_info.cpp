// POST /me/userinfo: what WeChat says of the user, proven by a session_key, becomes the profile.
#include "handlers/bearer.hpp"
#include "handlers/endpoints/open_data_endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/profile_form.hpp"
#include "handlers/me.hpp"
#include "handlers/open_data.hpp"

namespace wxlogind::handlers {

namespace {

result<open_data_form> read_form(const net::request& incoming) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    auto form = read_open_data(*members);
    if (form && form->empty())
        return invalid_field("rawData", "missing; send rawData and signature, or encryptedData and iv");
    return form;
}

} // namespace

task<result<net::response>> take_user_info(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    const auto form = read_form(incoming);
    if (!form) co_return form.error();
    auto user = co_await find_me(*claims, with);
    if (!user) co_return user.error();
    const auto keys = co_await keys_for_open_data(user->id, claims->appid, with);
    if (!keys) co_return keys.error();
    auto profile = proven_profile(*keys, *form, claims->appid, with);
    if (!profile) co_return profile.error();
    // The anonymous profile says nothing.
    if (!profile->empty())
        user = co_await with.users.change_profile(user->id, std::move(*profile), with.clock.now());
    co_return show_profile(user, *claims, with);
}

} // namespace wxlogind::handlers

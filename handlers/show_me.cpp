// GET /me: the profile of the token's user.
#include "handlers/bearer.hpp"
#include "handlers/endpoints.hpp"

#include "core/base/json_text.hpp"

namespace wxlogind::handlers {

namespace {

void append_member(std::string& to, std::string_view name, std::string_view value) {
    to += ',';
    append_json_string(to, name);
    to += ':';
    append_json_string(to, value);
}

std::string render_profile(const storage::user_record& user, bool with_unionid) {
    std::string body{R"({"id":)"};
    append_json_string(body, to_string(user.id));
    append_member(body, "nickName", user.profile.nick_name);
    append_member(body, "avatarUrl", user.profile.avatar_url);
    body += R"(,"gender":)";
    body += std::to_string(user.profile.gender);
    append_member(body, "country", user.profile.country);
    append_member(body, "province", user.profile.province);
    append_member(body, "city", user.profile.city);
    append_member(body, "language", user.profile.language);
    if (with_unionid && user.unionid) append_member(body, "unionid", *user.unionid);
    body += R"(,"created_at":)";
    body += std::to_string(std::chrono::floor<std::chrono::seconds>(user.created).time_since_epoch().count());
    body += R"(,"updated_at":)";
    body += std::to_string(std::chrono::floor<std::chrono::seconds>(user.updated).time_since_epoch().count());
    body += '}';
    return body;
}

} // namespace

task<result<net::response>> show_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();

    auto user = co_await with.store.find_user(claims->user);
    // Erased since: the token is as good as any other that is not valid.
    if (!user && user.error().code == errc::not_found) co_return errc::invalid_token;
    if (!user) co_return user.error();
    if (user->state == storage::user_state::banned) co_return errc::user_blocked;

    const app* const from = with.apps.find(claims->appid);
    net::response profile;
    profile.no_store = true;
    profile.body = render_profile(*user, from != nullptr && from->expose_unionid);
    profile.subject = to_string(claims->user);
    co_return profile;
}

} // namespace wxlogind::handlers

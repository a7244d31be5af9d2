// /users/{id} and what can be done with one user, and the end of one session.
#include "handlers/acting_for.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/user_in_path.hpp"
#include "handlers/phones.hpp"
#include "handlers/pictures/profile_avatar.hpp"
#include "handlers/user_json.hpp"

#include <charconv>

namespace wxlogind::handlers {

namespace {

result<net::response> reply_to(const result<void>& done, const user_id& user) {
    if (!done) return done.error();
    net::response changed;
    changed.status = 204;
    changed.subject = to_string(user);
    return changed;
}

} // namespace

task<result<net::response>> show_user(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    const auto user = co_await with.store.find_user(*id);
    if (!user) co_return user.error();
    const auto identities = co_await with.users.identities_of(user->id);
    if (!identities) co_return identities.error();

    net::response shown;
    shown.no_store = true;
    shown.subject = to_string(user->id);
    shown.body = render_user(*user, with);
    shown.body.pop_back();
    append_phone_number(shown.body, *user, with);
    shown.body += ',';
    shown.body += R"("identities":)";
    append_identities(shown.body, *identities);
    shown.body += '}';
    co_return shown;
}

task<result<net::response>> erase_user(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    storage::revoking when = revoking_for(incoming, with);
    std::string picture = co_await avatar_of(*id, with);
    const auto done = co_await with.users.erase(*id, std::move(when));
    if (done) co_await forget_avatar(std::move(picture), with);
    co_return reply_to(done, *id);
}

task<result<net::response>> ban_user(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    storage::revoking when = revoking_for(incoming, with);
    const auto done = co_await with.sessions.ban_user(*id, std::move(when));
    co_return reply_to(done, *id);
}

task<result<net::response>> unban_user(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    storage::revoking when = revoking_for(incoming, with);
    const auto done = co_await with.sessions.unban_user(*id, std::move(when));
    co_return reply_to(done, *id);
}

task<result<net::response>> revoke_session(const net::request& incoming, services& with) {
    const std::string_view text = segment_of(incoming.path, 1);
    session::session_id sid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sid);
    if (error != std::errc{} || end != text.data() + text.size() || sid <= 0) co_return errc::not_found;
    storage::revoking when = revoking_for(incoming, with);
    const auto done = co_await with.sessions.revoke_session(sid, std::nullopt, std::move(when));
    if (!done) co_return done.error();
    net::response ended;
    ended.status = 204;
    co_return ended;
}

task<result<net::response>> revoke_user(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    // The store is content with anybody.
    const auto user = co_await with.store.find_user(*id);
    if (!user) co_return user.error();
    storage::revoking when = revoking_for(incoming, with);
    const auto done = co_await with.sessions.revoke_sessions_of(*id, std::move(when));
    co_return reply_to(done, *id);
}

} // namespace wxlogind::handlers

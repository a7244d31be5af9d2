// GET /me/export and GET /users/{id}/export: all that is stored about one user, and nothing of others.
// GET /users/{id}/sessions: a part of it.
#include "handlers/acting_for.hpp"
#include "handlers/bearer.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/user_in_path.hpp"
#include "handlers/phones.hpp"
#include "handlers/user_json.hpp"

#include "core/base/json_text.hpp"

namespace wxlogind::handlers {

namespace {

void append_session(std::string& to, const storage::session_record& session) {
    if (to.back() != '[') to += ',';
    to += R"({"id":)";
    append_json_string(to, std::to_string(session.sid));
    append_member(to, "appid", session.appid);
    append_member(to, "created_at", session.created);
    append_member(to, "seen_at", session.seen);
    append_member(to, "expires_at", session.expires);
    if (session.revoked) append_member(to, "revoked_at", *session.revoked);
    to += session.is_revoked ? R"(,"is_revoked":true})" : R"(,"is_revoked":false})";
}

// Which of us did it is our business.
std::string_view shown_actor(std::string_view actor) {
    return actor == "user" || actor == "server" ? actor : "operator";
}

// Of the others some name who else it was about.
std::string_view shown_detail(const storage::audit_record& record) {
    return record.event == storage::audit_event::nickname_flagged ? std::string_view{record.detail} : "";
}

void append_record(std::string& to, const storage::audit_record& record) {
    if (to.back() != '[') to += ',';
    to += R"({"event":)";
    append_json_string(to, to_string(record.event));
    append_member(to, "by", shown_actor(record.actor));
    append_member(to, "at", std::chrono::floor<std::chrono::milliseconds>(storage::time_of(record.at)));
    if (record.sid != 0) append_member(to, "session", std::to_string(record.sid));
    if (!record.appid.empty()) append_member(to, "appid", record.appid);
    if (const auto detail = shown_detail(record); !detail.empty()) append_member(to, "detail", detail);
    to += '}';
}

task<result<void>> append_merged(std::string& to, const user_id& user, services& with) {
    const auto merged = co_await with.users.merged_into(user);
    if (!merged) co_return merged.error();
    for (const storage::merged_record& each : *merged) {
        if (to.back() != '[') to += ',';
        to += R"({"id":)";
        append_json_string(to, to_string(each.id));
        append_member(to, "created_at", each.created);
        append_member(to, "merged_at", each.merged);
        append_phone_number(to, each, with);
        to += '}';
    }
    co_return result<void>{};
}

task<result<void>> append_sessions(std::string& to, const user_id& user, services& with) {
    auto trail = co_await with.users.trail_of_sessions(user);
    if (!trail) co_return trail.error();
    while (!trail->empty()) {
        auto page = co_await with.users.sessions_on(std::move(*trail));
        if (!page) co_return page.error();
        for (const storage::session_record& each : page->sessions) append_session(to, each);
        *trail = std::move(page->next);
    }
    co_return result<void>{};
}

task<result<void>> append_records(std::string& to, const user_id& user, services& with) {
    storage::audit_query query;
    query.user = user;
    query.with_logins = false; // they are the sessions
    for (;;) {
        const auto page = co_await with.audit.read(query);
        if (!page) co_return page.error();
        for (const storage::audit_record& each : page->records) append_record(to, each);
        if (!page->next) co_return result<void>{};
        query.before = *page->next;
    }
}

task<result<net::response>> export_user(user_id id, std::string by, services& with) {
    const auto user = co_await with.store.find_user(id);
    if (!user) co_return user.error();
    const auto identities = co_await with.users.identities_of(user->id);
    if (!identities) co_return identities.error();

    net::response all;
    all.no_store = true;
    id = user->id; // the survivor's, where it was a merged one
    all.subject = to_string(id);
    all.body = R"({"user":)";
    all.body += render_user(*user, with);
    all.body.pop_back();
    append_phone_number(all.body, *user, with);
    all.body += '}';
    all.body += R"(,"identities":)";
    append_identities(all.body, *identities);
    all.body += R"(,"merged":[)";
    const auto with_merged = co_await append_merged(all.body, id, with);
    if (!with_merged) co_return with_merged.error();
    all.body += R"(],"sessions":[)";
    const auto with_sessions = co_await append_sessions(all.body, id, with);
    if (!with_sessions) co_return with_sessions.error();
    all.body += R"(],"audit":[)";
    const auto with_records = co_await append_records(all.body, id, with);
    if (!with_records) co_return with_records.error();
    all.body += "]}";

    storage::audit_entry entry;
    entry.event = storage::audit_event::exported;
    entry.actor = std::move(by);
    entry.user = id;
    const auto noted = co_await with.audit.append(std::move(entry), with.clock.now());
    if (!noted) co_return noted.error();
    co_return all;
}

} // namespace

task<result<net::response>> export_me(const net::request& incoming, services& with) {
    const auto claims = authenticate(incoming, with);
    if (!claims) co_return claims.error();
    auto all = co_await export_user(claims->user, acting_for(incoming, with), with);
    if (!all && all.error().code == errc::not_found) co_return errc::invalid_token;
    co_return all;
}

task<result<net::response>> export_one(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    co_return co_await export_user(*id, acting_for(incoming, with), with);
}

task<result<net::response>> list_sessions(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    const auto user = co_await with.store.find_user(*id);
    if (!user) co_return user.error();

    net::response list;
    list.no_store = true;
    list.subject = to_string(user->id);
    list.body = R"({"sessions":[)";
    const auto done = co_await append_sessions(list.body, user->id, with);
    if (!done) co_return done.error();
    list.body += "]}";
    co_return list;
}

} // namespace wxlogind::handlers

// GET /audit: the audit log, newest first.
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/paging.hpp"
#include "handlers/forms/profile_form.hpp"
#include "handlers/user_json.hpp"

#include "core/base/json_text.hpp"

namespace wxlogind::handlers {

namespace {

result<storage::audit_query> audit_query_of(const query_fields& fields) {
    storage::audit_query query;
    const auto names = fields.has_only({"user", "event", "limit", "cursor"});
    if (!names) return names.error();
    const auto user = fields.text("user");
    if (!user) return user.error();
    if (*user) {
        query.user = parse_user_id(**user);
        if (!query.user) return invalid_field("user", "not the id of a user");
    }
    const auto event = fields.text("event");
    if (!event) return event.error();
    if (*event) {
        query.event = storage::parse_audit_event(**event);
        if (!query.event) return invalid_field("event", "no such event");
    }
    const auto limit = limit_of(fields);
    if (!limit) return limit.error();
    query.limit = *limit;
    const auto before = number_cursor_of(fields);
    if (!before) return before.error();
    if (*before) query.before = **before;
    return query;
}

void append_record(std::string& to, const storage::audit_record& record) {
    to += R"({"event":)";
    append_json_string(to, to_string(record.event));
    append_member(to, "at", std::chrono::floor<std::chrono::milliseconds>(storage::time_of(record.at)));
    append_member(to, "by", record.actor);
    if (record.user) append_member(to, "user", to_string(*record.user));
    if (record.sid != 0) append_member(to, "session", std::to_string(record.sid));
    if (!record.appid.empty()) append_member(to, "appid", record.appid);
    if (!record.detail.empty()) append_member(to, "detail", record.detail);
    to += R"(,"count":)";
    to += std::to_string(record.count);
    to += '}';
}

std::string render(const storage::audit_page& page) {
    std::string body{R"({"records":[)"};
    for (const storage::audit_record& each : page.records) {
        if (&each != page.records.data()) body += ',';
        append_record(body, each);
    }
    body += ']';
    if (page.next) append_member(body, "next", render_cursor(*page.next));
    body += '}';
    return body;
}

} // namespace

task<result<net::response>> read_audit(const net::request& incoming, services& with) {
    const auto fields = query_fields::parse(incoming.query);
    if (!fields) co_return fields.error();
    const auto query = audit_query_of(*fields);
    if (!query) co_return query.error();
    const auto page = co_await with.audit.read(*query);
    if (!page) co_return page.error();
    net::response log;
    log.no_store = true;
    log.body = render(*page);
    co_return log;
}

} // namespace wxlogind::handlers

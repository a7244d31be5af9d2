// POST /users/merge: two users are one person. POST /users/{id}/unmerge: they are not.
#include "handlers/acting_for.hpp"
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/user_in_path.hpp"
#include "handlers/forms/user_of_app.hpp"

namespace wxlogind::handlers {

namespace {

struct two_users {
    user_id one;
    user_id other;
};

result<two_users> read_two_users(const net::request& incoming) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    const auto one = read_user(*members, "user");
    if (!one) return one.error();
    const auto other = read_user(*members, "other");
    if (!other) return other.error();
    return two_users{*one, *other};
}

net::response reply_with(std::string_view merged_name, const user_id& survivor, const user_id& merged) {
    net::response done;
    done.no_store = true;
    done.subject = to_string(survivor);
    done.body = R"({"id":")";
    append_text(done.body, survivor);
    done.body += R"(",")";
    done.body += merged_name;
    done.body += R"(":")";
    append_text(done.body, merged);
    done.body += R"("})";
    return done;
}

} // namespace

task<result<net::response>> merge_users(const net::request& incoming, services& with) {
    const auto users = read_two_users(incoming);
    if (!users) co_return users.error();
    storage::revoking when = revoking_for(incoming, with);
    const auto merged = co_await with.users.merge(users->one, users->other, std::move(when));
    if (!merged) co_return merged.error();
    co_return reply_with("merged", merged->survivor, merged->merged);
}

task<result<net::response>> unmerge_user(const net::request& incoming, services& with) {
    const auto id = user_in_path(incoming);
    if (!id) co_return id.error();
    storage::revoking when = revoking_for(incoming, with);
    const auto survivor = co_await with.users.unmerge(*id, std::move(when));
    if (!survivor && survivor.error().code == errc::not_found)
        co_return failure{errc::not_found, "no merge of this user is known, or its audit record is gone"};
    if (!survivor) co_return survivor.error();
    co_return reply_with("unmerged", *survivor, *id);
}

} // namespace wxlogind::handlers

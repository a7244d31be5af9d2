// GET /users: page by page, all of them or those that one thing is known of.
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/paging.hpp"
#include "handlers/forms/profile_form.hpp"
#include "handlers/phones.hpp"
#include "handlers/user_json.hpp"

#include "core/base/encoding.hpp"
#include "core/base/json_text.hpp"

namespace wxlogind::handlers {

namespace {

constexpr std::size_t longest_wechat_id = 128;

using filter_result = result<storage::user_filter>;

filter_result filter_by_id(std::string_view text, const services&) {
    storage::user_filter filter;
    filter.id = parse_user_id(text);
    if (!filter.id) return invalid_field("id", "not the id of a user");
    return filter;
}

filter_result filter_by_openid(std::string_view text, const services&) {
    if (count_characters(text) > longest_wechat_id) return invalid_field("openid", "over 128 characters");
    storage::user_filter filter;
    filter.openid = text;
    return filter;
}

filter_result filter_by_unionid(std::string_view text, const services&) {
    if (count_characters(text) > longest_wechat_id) return invalid_field("unionid", "over 128 characters");
    storage::user_filter filter;
    filter.unionid = text;
    return filter;
}

filter_result filter_by_nick_name(std::string_view text, const services&) {
    if (count_characters(text) > profile_limits::nick_name)
        return invalid_field("nickName", "over 64 characters");
    storage::user_filter filter;
    filter.nick_name_prefix = text;
    return filter;
}

filter_result filter_by_state(std::string_view text, const services&) {
    if (text != "banned") return invalid_field("state", "only \"banned\" can be searched for");
    storage::user_filter filter;
    filter.state = storage::user_state::banned;
    return filter;
}

filter_result filter_by_phone(std::string_view text, const services& with) {
    storage::user_filter filter;
    filter.phone_indexes = indexes_of_phone(text, with);
    if (filter.phone_indexes.empty())
        return invalid_field("phone", "not a phone number: +8613900000000, or 13900000000 of the mainland");
    return filter;
}

struct search {
    std::string_view name;
    filter_result (*filter)(std::string_view text, const services& with);
};

constexpr search searches[] = {
    {"id", &filter_by_id},           {"openid", &filter_by_openid},
    {"unionid", &filter_by_unionid}, {"nickName", &filter_by_nick_name},
    {"state", &filter_by_state},     {"phone", &filter_by_phone},
};

filter_result filter_of(const query_fields& query, const services& with) {
    filter_result filter = storage::user_filter{};
    bool has_one = false;
    for (const search& each : searches) {
        const auto sent = query.text(each.name);
        if (!sent) return sent.error();
        if (!*sent) continue;
        if ((*sent)->empty()) return invalid_field(each.name, "empty");
        if (has_one) return invalid_field(each.name, "one thing at a time can be searched for");
        has_one = true;
        filter = each.filter(**sent, with);
        if (!filter) return filter;
    }
    return filter;
}

std::string render(const storage::user_page& page, const services& with) {
    std::string body{R"({"users":[)"};
    for (const storage::user_record& each : page.users) {
        if (&each != page.users.data()) body += ',';
        body += render_user(each, with);
    }
    body += ']';
    if (page.next) append_member(body, "next", render_cursor(*page.next));
    body += '}';
    return body;
}

} // namespace

task<result<net::response>> list_users(const net::request& incoming, services& with) {
    const auto query = query_fields::parse(incoming.query);
    if (!query) co_return query.error();
    const auto names =
        query->has_only({"id", "openid", "unionid", "nickName", "state", "phone", "limit", "cursor"});
    if (!names) co_return names.error();
    auto filter = filter_of(*query, with);
    if (!filter) co_return filter.error();
    auto behind = user_cursor_of(*query);
    if (!behind) co_return behind.error();
    const auto limit = limit_of(*query);
    if (!limit) co_return limit.error();

    const auto page = co_await with.users.list(std::move(*filter), std::move(*behind), *limit);
    if (!page) co_return page.error();
    net::response list;
    list.no_store = true;
    list.body = render(*page, with);
    co_return list;
}

} // namespace wxlogind::handlers

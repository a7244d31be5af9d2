// /wechat/access-token, for back ends that call WeChat themselves: they all use one token, and nobody but the
// token centre fetches it.
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/query_fields.hpp"
#include "handlers/forms/user_of_app.hpp"

#include "core/base/json_text.hpp"
#include "core/net/reactor.hpp"

#include <algorithm>
#include <string>

namespace wxlogind::handlers {

namespace {

constexpr std::size_t max_token_bytes = 4096;

net::response answer_with(const wechat::access_token& token) {
    using std::chrono::seconds;
    const auto left = std::chrono::floor<seconds>(token.expires - steady_clock::now());
    net::response shown;
    shown.no_store = true;
    shown.body = R"({"access_token":)";
    append_json_string(shown.body, token.text.reveal());
    shown.body += R"(,"expires_in":)";
    shown.body += std::to_string(std::max(left, seconds{0}).count());
    shown.body += '}';
    return shown;
}

struct rejection {
    const app* from;
    secret token;
};

result<const app*> parse_query(const net::request& incoming, const services& with) {
    const auto query = query_fields::parse(incoming.query);
    if (!query) return query.error();
    const auto known = query->has_only({"appid"});
    if (!known) return known.error();
    const auto appid = query->text("appid");
    if (!appid) return appid.error();
    return with.apps.choose(appid->value_or(std::string_view{}), std::nullopt);
}

result<rejection> parse_rejection(const net::request& incoming, const services& with) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    const auto from = read_app(*members, with.apps);
    if (!from) return from.error();
    const auto token = members->text("rejected");
    if (!token) return token.error();
    if (!*token || (*token)->empty()) return failure{errc::invalid_request, "rejected: missing"};
    if ((*token)->size() > max_token_bytes) return failure{errc::invalid_request, "rejected: too long"};
    return rejection{.from = *from, .token = secret{**token}};
}

} // namespace

task<result<net::response>> give_access_token(const net::request& incoming, services& with) {
    const auto from = parse_query(incoming, with);
    if (!from) co_return from.error();
    const executor here = incoming.home->get_executor();
    const auto token = co_await with.access_tokens.current((*from)->credentials, here);
    if (!token) co_return token.error();
    co_return answer_with(*token);
}

// In a body: what stands in a target ends in logs.
task<result<net::response>> replace_access_token(const net::request& incoming, services& with) {
    auto told = parse_rejection(incoming, with);
    if (!told) co_return told.error();
    const executor here = incoming.home->get_executor();
    const auto token =
        co_await with.access_tokens.checked(told->from->credentials, std::move(told->token), here);
    if (!token) co_return token.error();
    co_return answer_with(*token);
}

} // namespace wxlogind::handlers

// POST /wechat/decrypt, for back ends: open data of one user of an app, decrypted.
#include "handlers/endpoints/open_data_endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/profile_form.hpp"
#include "handlers/open_data.hpp"

namespace wxlogind::handlers {

namespace {

struct decrypt_order {
    user_id user;
    const app* of{nullptr};
    wechat::encrypted_text what;
    bool is_watermark_required{true};
};

result<const app*> read_app(const json_members& members, const services& with) {
    const auto sent = members.text("appid");
    if (!sent) return sent.error();
    return with.apps.choose(sent->value_or(std::string_view{}), std::nullopt);
}

result<decrypt_order> read_order(const net::request& incoming, const services& with) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();

    decrypt_order order;
    const auto user = members->text("user");
    if (!user) return user.error();
    if (!*user) return invalid_field("user", "missing");
    const auto id = parse_user_id(**user);
    if (!id) return invalid_field("user", "not the id of a user");
    order.user = *id;
    const auto of = read_app(*members, with);
    if (!of) return of.error();
    order.of = *of;
    const auto is_required = members->flag("require_watermark");
    if (!is_required) return is_required.error();
    order.is_watermark_required = is_required->value_or(true);
    auto what = read_encrypted(*members);
    if (!what) return what.error();
    order.what = std::move(*what);
    return order;
}

} // namespace

task<result<net::response>> decrypt_open_data(const net::request& incoming, services& with) {
    const auto order = read_order(incoming, with);
    if (!order) co_return order.error();
    const auto user = co_await with.store.find_user(order->user);
    if (!user) co_return user.error();
    const std::string_view appid = order->of->credentials.appid;
    const auto keys = co_await keys_for_open_data(user->id, appid, with);
    if (!keys) co_return keys.error();
    const auto opened = open_data_with(*keys, order->what, appid, order->is_watermark_required, with);
    if (!opened) co_return opened.error();

    net::response reply;
    reply.no_store = true;
    reply.subject = to_string(user->id);
    reply.body = R"({"payload":)";
    reply.body += opened->text.reveal();
    reply.body += opened->key == 0 ? R"(,"session_key":"current"})" : R"(,"session_key":"previous"})";
    co_return reply;
}

} // namespace wxlogind::handlers

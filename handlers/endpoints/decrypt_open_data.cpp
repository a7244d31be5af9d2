// POST /wechat/decrypt, for back ends: open data of one user of an app, decrypted.
#include "handlers/endpoints/open_data_endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/user_of_app.hpp"
#include "handlers/open_data.hpp"

namespace wxlogind::handlers {

namespace {

struct decrypt_order {
    user_of_app whose;
    wechat::encrypted_text what;
    bool is_watermark_required{true};
};

result<decrypt_order> read_order(const net::request& incoming, const services& with) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();

    decrypt_order order;
    const auto whose = read_user_of_app(*members, with.apps);
    if (!whose) return whose.error();
    order.whose = *whose;
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
    const auto user = co_await with.store.find_user(order->whose.user);
    if (!user) co_return user.error();
    const std::string_view appid = order->whose.of->credentials.appid;
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

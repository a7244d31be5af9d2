// POST /wechat/check-text: what WeChat holds of a text that a user wrote, for back ends.
#include "handlers/endpoints/endpoints.hpp"
#include "handlers/forms/json_body.hpp"
#include "handlers/forms/profile_form.hpp"
#include "handlers/forms/user_of_app.hpp"
#include "handlers/nickname_check.hpp"

#include "core/base/encoding.hpp"
#include "core/net/reactor.hpp"
#include "core/wechat/text_check.hpp"

namespace wxlogind::handlers {

namespace {

struct order {
    user_of_app whose;
    wechat::text_to_check text;
};

result<order> parse_order(const net::request& incoming, const services& with) {
    json_document body{"body"};
    const auto members = read_json_body(incoming, body);
    if (!members) return members.error();
    const auto whose = read_user_of_app(*members, with.apps);
    if (!whose) return whose.error();
    const auto text = members->text("text");
    if (!text) return text.error();
    if (!*text || (*text)->empty()) return invalid_field("text", "missing");
    if (count_characters(**text) > wechat::longest_checked_text)
        return invalid_field("text", "over 2500 characters");
    const auto scene = members->integer("scene");
    if (!scene) return scene.error();
    const std::int64_t number = scene->value_or(1);
    if (number < 1 || number > 4)
        return invalid_field("scene", "neither 1 (profile), 2 (comment), 3 (forum) nor 4 (social log)");
    order asked;
    asked.whose = *whose;
    asked.text.content = **text;
    asked.text.traceparent = incoming.traceparent;
    asked.text.scene = static_cast<wechat::text_scene>(number);
    return asked;
}

} // namespace

task<result<net::response>> check_text(const net::request& incoming, services& with) {
    auto asked = parse_order(incoming, with);
    if (!asked) co_return asked.error();
    const wechat::app_credentials& from = asked->whose.of->credentials;
    auto openid = co_await openid_of(asked->whose.user, from.appid, with);
    if (!openid) co_return openid.error();
    asked->text.openid = std::move(*openid);
    wechat::authorised_calls& api = *with.wechat_calls[incoming.home->index()];
    const auto verdict = co_await wechat::check_text(api, from, std::move(asked->text));
    if (!verdict) co_return verdict.error();

    net::response told;
    told.no_store = true;
    told.subject = to_string(asked->whose.user);
    told.body = R"({"suggest":")";
    told.body += to_string(verdict->suggestion);
    told.body += R"(","label":)";
    told.body += std::to_string(verdict->label);
    told.body += '}';
    co_return told;
}

} // namespace wxlogind::handlers

#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

constexpr std::int64_t max_codes_at_once = 100'000;
constexpr std::size_t max_user_bytes = 128;

std::string
mint_one(const control_order& order, std::string_view appid, std::string_view user, std::string_view kind) {
    if (!kind.empty() && kind != "login" && kind != "phone")
        throw bad_order{"\"kind\" has to be \"login\" or \"phone\""};
    if (user.size() > max_user_bytes) throw bad_order{"\"user\" is longer than 128 bytes"};
    world& everything = order.targets.everything;
    auto code = kind == "phone" ? everything.mint_phone_code(appid, user) : everything.mint(appid, user);
    if (!code) throw bad_order{404, "no such app: POST /apps makes one"};
    return *std::move(code);
}

} // namespace

control_reply mint_codes(const control_order& order) {
    refuse_unknown(order.body, std::array<std::string_view, 4>{"appid", "user", "kind", "count"});
    const std::string appid = required_text(order.body, "appid");
    const std::string user = required_text(order.body, "user");
    const std::string kind = text_field(order.body, "kind").value_or("");
    const auto count = number_field(order.body, "count", 1, max_codes_at_once);
    json::object reply;
    if (!count) {
        reply["code"] = mint_one(order, appid, user, kind);
    } else {
        json::array& codes = reply["codes"].emplace_array();
        codes.reserve(static_cast<std::size_t>(*count));
        for (std::int64_t made = 0; made < *count; ++made)
            codes.emplace_back(mint_one(order, appid, user, kind));
    }
    return {201, "application/json", json::serialize(reply)};
}

control_reply mint_code(const control_order& order) {
    const std::string appid{order.parameters.text("appid")};
    const std::string user{order.parameters.text("user")};
    if (appid.empty() || user.empty()) throw bad_order{"the query has to name \"appid\" and \"user\""};
    return {200, "text/plain", mint_one(order, appid, user, order.parameters.text("kind"))};
}

control_reply show_exchanges(const control_order& order) {
    const std::string_view code = order.parameters.text("code");
    if (code.empty()) throw bad_order{"the query has to name \"code\""};
    const code_arrivals seen = order.targets.everything.arrivals_of(code);
    const json::object reply{{"code", code}, {"arrived", seen.arrived}, {"exchanged", seen.exchanged}};
    return {200, "application/json", json::serialize(reply)};
}

} // namespace wxlogind::wechat_sim

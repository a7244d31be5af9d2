#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"

#include <boost/json/serialize.hpp>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

constexpr std::int64_t a_day_s = 86'400;

token_kind read_kind(const json::object& from) {
    const std::string name = required_text(from, "kind");
    if (name == "classic") return token_kind::classic;
    if (name == "stable") return token_kind::stable;
    throw bad_order{"\"kind\" has to be \"classic\" or \"stable\""};
}

void refuse_unknown_app(const control_order& order, std::string_view appid) {
    if (!order.targets.everything.find_app(appid)) throw bad_order{404, "no such app: POST /apps makes one"};
}

void end_tokens(const control_order& order, std::string_view appid, token_end how) {
    token_book& tokens = order.targets.everything.tokens();
    const unix_millis now = order.targets.clock.now();
    const auto token = text_field(order.body, "access_token");
    if (!token) return tokens.end(appid, read_kind(order.body), how, now);
    if (!tokens.end_one(*token, how, now)) throw bad_order{404, "no such token"};
}

} // namespace

control_reply act_on_tokens(const control_order& order) {
    refuse_unknown(
        order.body, std::array<std::string_view, 6>{
                        "appid", "do", "kind", "access_token", "overlap_s", "second_server_s"});
    const std::string appid = required_text(order.body, "appid");
    refuse_unknown_app(order, appid);
    token_book& tokens = order.targets.everything.tokens();
    const unix_millis now = order.targets.clock.now();
    if (const auto every = number_field(order.body, "second_server_s", 0, a_day_s)) {
        tokens.let_second_server_rotate(appid, std::chrono::seconds{*every}, now);
        if (!order.body.contains("do")) return {204, "", ""};
    }
    const std::string what = required_text(order.body, "do");
    if (what == "rotate") {
        const auto overlap = number_field(order.body, "overlap_s", 0, a_day_s).value_or(300);
        tokens.rotate_classic(appid, now, std::chrono::seconds{overlap});
    } else if (what == "expire") {
        end_tokens(order, appid, token_end::expired);
    } else if (what == "revoke") {
        end_tokens(order, appid, token_end::revoked);
    } else {
        throw bad_order{R"("do" has to be "rotate", "expire" or "revoke")"};
    }
    return {204, "", ""};
}

control_reply show_tokens(const control_order& order) {
    const std::string appid{order.parameters.text("appid")};
    if (appid.empty()) throw bad_order{"the query has to name \"appid\""};
    refuse_unknown_app(order, appid);
    const token_counts counted = order.targets.everything.tokens().counts_of(appid);
    const json::object shown{
        {"appid", appid},
        {"classic", counted.classic},
        {"stable", counted.stable},
        {"stable_made", counted.stable_made},
        {"stable_forced", counted.stable_forced},
        {"second_server", counted.second_server}};
    return {200, "application/json", json::serialize(shown)};
}

} // namespace wxlogind::wechat_sim

#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"
#include "bench/wechat-sim/control/sessions.hpp"

#include <boost/json/serialize.hpp>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

user_in_app find_user(const control_order& order, const std::string& appid, const std::string& user) {
    world& everything = order.targets.everything;
    const auto asking = everything.find_app(appid);
    if (!asking) throw bad_order{404, "no such app: POST /apps makes one"};
    user_in_app found{appid, user, everything.openid_of(appid, user), {}, {}};
    if (!asking->group.empty()) found.unionid = everything.unionid_of(asking->group, user);
    const auto session = everything.users().find({appid, found.openid}, everything.now());
    if (!session) throw bad_order{404, "that user has not logged in to this app: there is no session_key"};
    found.session = *session;
    return found;
}

control_reply act_on_session(const control_order& order) {
    refuse_unknown(order.body, std::array<std::string_view, 3>{"appid", "user", "do"});
    const std::string appid = required_text(order.body, "appid");
    const user_in_app who = find_user(order, appid, required_text(order.body, "user"));
    user_book& users = order.targets.everything.users();
    const unix_millis now = order.targets.clock.now();
    const std::string what = required_text(order.body, "do");
    if (what == "rotate") {
        if (!users.rotate({appid, who.openid}, now)) throw bad_order{409, "the session_key has expired"};
    } else if (what == "expire") {
        (void)users.expire({appid, who.openid}, now);
    } else {
        throw bad_order{R"("do" has to be "rotate" or "expire")"};
    }
    return {204, "", ""};
}

control_reply show_session(const control_order& order) {
    const std::string appid{order.parameters.text("appid")};
    const std::string user{order.parameters.text("user")};
    if (appid.empty() || user.empty()) throw bad_order{"the query has to name \"appid\" and \"user\""};
    const user_in_app who = find_user(order, appid, user);
    json::object shown{{"openid", who.openid.text()}};
    if (who.unionid) shown["unionid"] = who.unionid->text();
    shown["session_key"] = who.session.current.text();
    if (who.session.previous) shown["previous_session_key"] = who.session.previous->text();
    shown["expired"] = who.session.is_expired;
    return {200, "application/json", json::serialize(shown)};
}

} // namespace wxlogind::wechat_sim

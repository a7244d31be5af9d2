#include "bench/wechat-sim/control/control_api.hpp"

#include "bench/wechat-sim/control/orders.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

struct order_route {
    std::string_view method;
    std::string_view path;
    control_reply (*carry_out)(const control_order& order);
};

constexpr order_route routes[] = {
    {"POST", "/codes", &mint_codes},
    {"GET", "/codes", &mint_code},
    {"GET", "/exchanges", &show_exchanges},
    {"POST", "/faults", &order_fault},
    {"GET", "/faults", &list_faults},
    {"DELETE", "/faults", &take_back_faults},
    {"POST", "/apps", &put_app},
    {"POST", "/users", &put_user},
    {"POST", "/open_data", &make_open_data},
    {"POST", "/sessions", &act_on_session},
    {"GET", "/sessions", &show_session},
    {"POST", "/words", &put_word},
    {"POST", "/api_security", &secure_app},
    {"POST", "/tokens", &act_on_tokens},
    {"GET", "/tokens", &show_tokens},
    {"POST", "/clock", &advance_clock},
    {"POST", "/style", &set_style},
    {"GET", "/statistics", &show_statistics},
};

json::object parse_body(std::string_view body) {
    if (body.empty()) return {};
    error_code error;
    json::value parsed = json::parse(body, error);
    if (error) throw bad_order{"the body is not JSON: " + error.message()};
    if (!parsed.is_object()) throw bad_order{"the body has to be a JSON object"};
    return std::move(parsed.get_object());
}

const order_route& find_route(const request& incoming) {
    bool is_known_path = false;
    for (const order_route& each : routes) {
        if (each.path != incoming.path) continue;
        if (each.method == incoming.method) return each;
        is_known_path = true;
    }
    if (is_known_path) throw bad_order{405, "this path takes other methods; see bench/wechat-sim/README.md"};
    std::string known;
    for (const order_route& each : routes) {
        if (!known.empty()) known += ", ";
        known.append(each.method).append(" ").append(each.path);
    }
    throw bad_order{404, "no such path; there are " + known};
}

} // namespace

control_reply carry_out(const request& incoming, control_targets& targets) {
    try {
        const order_route& route = find_route(incoming);
        query_parameters parameters{incoming.query};
        const json::object body = parse_body(incoming.body);
        control_reply reply = route.carry_out({parameters, body, targets});
        targets.record.note(incoming, reply.body);
        return reply;
    } catch (const bad_order& refused) {
        const json::object error{{"error", refused.what()}};
        return {refused.status(), "application/json", json::serialize(error)};
    }
}

} // namespace wxlogind::wechat_sim

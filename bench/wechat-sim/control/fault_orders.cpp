#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"
#include "bench/wechat-sim/faults/bodies.hpp"
#include "bench/wechat-sim/faults/faults.hpp"
#include "core/base/encoding.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <limits>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

constexpr std::int64_t longest_pause_ms = 600'000;

fault_kind read_kind(const json::object& from) {
    const std::string name = required_text(from, "kind");
    const auto kind = parse_fault_kind(name);
    if (!kind) throw bad_order{"\"" + name + "\" is not a kind of fault; see bench/wechat-sim/README.md"};
    return *kind;
}

certificate_kind read_certificate(const json::object& from) {
    const std::string name = required_text(from, "certificate");
    if (name == "expired") return certificate_kind::expired;
    if (name == "wrong_host") return certificate_kind::wrong_host;
    if (name == "self_signed") return certificate_kind::self_signed;
    throw bad_order{"\"certificate\" has to be \"expired\", \"wrong_host\" or \"self_signed\""};
}

// "text", "base64" or, for bodies, "named".
std::string read_bytes(const json::object& from, bool may_be_named) {
    if (const auto text = text_field(from, "text")) return *text;
    if (const auto text = text_field(from, "base64")) {
        auto bytes = base64_decode(*text);
        if (!bytes) throw bad_order{"\"base64\" is not base64"};
        return *std::move(bytes);
    }
    if (!may_be_named) return "\x01\x02 this is not HTTP\r\n\r\n";
    const std::string name = required_text(from, "named");
    auto body = named_body(name);
    if (!body) throw bad_order{"\"" + name + "\" is not a named body; see bench/wechat-sim/README.md"};
    return *std::move(body);
}

// The members that only this kind has, beyond those that all have.
std::vector<std::string_view> own_members(fault_kind kind) {
    switch (kind) {
    case fault_kind::wrong_certificate: return {"certificate"};
    case fault_kind::latency: return {"latency"};
    case fault_kind::errcode: return {"errcode"};
    case fault_kind::html:
    case fault_kind::status: return {"status"};
    case fault_kind::garbage: return {"text", "base64"};
    case fault_kind::body: return {"text", "base64", "named"};
    case fault_kind::slow_trickle: return {"gap_ms"};
    case fault_kind::idle_close: return {"after_ms"};
    case fault_kind::wrong_content_length: return {"surplus"};
    case fault_kind::chunked: return {"split"};
    case fault_kind::no_content_length: return {"abrupt"};
    default: return {};
    }
}

void refuse_foreign_members(const json::object& from, fault_kind kind) {
    std::vector<std::string_view> known = own_members(kind);
    known.insert(known.end(), {"kind", "count", "probability"});
    if (!is_at_accept(kind)) known.insert(known.end(), {"path", "appid", "user"});
    if (may_consume_or_not(kind)) known.emplace_back("consume");
    refuse_unknown(from, known);
}

void read_own_members(const json::object& from, fault_rule& rule) {
    static constexpr std::int64_t no_least = std::numeric_limits<int>::min();
    static constexpr std::int64_t no_most = std::numeric_limits<int>::max();
    switch (rule.kind) {
    case fault_kind::wrong_certificate: rule.shown = read_certificate(from); break;
    case fault_kind::latency: {
        const auto model = latency_model::parse(required_text(from, "latency"));
        if (!model)
            throw bad_order{"\"latency\" has to be like fixed:80, uniform:30:600 or lognormal:80:0.6"};
        rule.latency = *model;
        break;
    }
    case fault_kind::errcode: {
        const auto number = number_field(from, "errcode", no_least, no_most);
        if (!number) throw bad_order{"\"errcode\" is missing"};
        rule.errcode = static_cast<int>(*number);
        break;
    }
    case fault_kind::html:
        rule.status = static_cast<unsigned>(number_field(from, "status", 400, 599).value_or(502));
        break;
    case fault_kind::status: {
        const auto number = number_field(from, "status", 200, 599);
        if (!number) throw bad_order{"\"status\" is missing"};
        rule.status = static_cast<unsigned>(*number);
        break;
    }
    case fault_kind::garbage: rule.bytes = read_bytes(from, false); break;
    case fault_kind::body: rule.bytes = read_bytes(from, true); break;
    case fault_kind::slow_trickle:
        rule.pause =
            std::chrono::milliseconds{number_field(from, "gap_ms", 0, longest_pause_ms).value_or(1000)};
        break;
    case fault_kind::idle_close:
        rule.pause =
            std::chrono::milliseconds{number_field(from, "after_ms", 0, longest_pause_ms).value_or(0)};
        break;
    case fault_kind::wrong_content_length:
        rule.surplus = number_field(from, "surplus", -1'000'000, 1'000'000'000).value_or(10);
        break;
    case fault_kind::chunked: rule.is_split = bool_field(from, "split").value_or(true); break;
    case fault_kind::no_content_length: rule.is_abrupt = bool_field(from, "abrupt").value_or(false); break;
    default: break;
    }
}

json::object show(const fault_in_force& what) {
    const fault_rule& rule = *what.rule;
    json::object shown{{"id", what.id}, {"kind", to_string(rule.kind)}, {"hits", what.hits}};
    if (rule.count) shown["left"] = *rule.count - what.hits;
    if (rule.probability < 1) shown["probability"] = rule.probability;
    if (!rule.path.empty()) shown["path"] = rule.path;
    if (!rule.appid.empty()) shown["appid"] = rule.appid;
    if (!rule.user.empty()) shown["user"] = rule.user;
    if (rule.kind == fault_kind::errcode) shown["errcode"] = rule.errcode;
    if (rule.kind == fault_kind::latency) shown["latency"] = rule.latency.text();
    if (rule.status != 0) shown["status"] = rule.status;
    if (may_consume_or_not(rule.kind)) shown["consume"] = rule.consumes;
    return shown;
}

} // namespace

control_reply order_fault(const control_order& order) {
    fault_rule rule;
    rule.kind = read_kind(order.body);
    refuse_foreign_members(order.body, rule.kind);
    rule.path = text_field(order.body, "path").value_or("");
    if (!rule.path.empty() && endpoint_index(rule.path) == endpoint_count())
        throw bad_order{"\"path\" is not that of a call; see bench/wechat-sim/README.md"};
    rule.appid = text_field(order.body, "appid").value_or("");
    rule.user = text_field(order.body, "user").value_or("");
    const auto count = number_field(order.body, "count", 1, std::numeric_limits<std::int64_t>::max());
    if (count) rule.count = static_cast<std::uint64_t>(*count);
    rule.probability = fraction_field(order.body, "probability").value_or(1);
    rule.consumes = bool_field(order.body, "consume").value_or(consumes_by_default(rule.kind));
    read_own_members(order.body, rule);
    const auto id = order.targets.wrongs.order(std::move(rule));
    if (!id) throw bad_order{409, "too many faults in force: DELETE /faults takes them back"};
    return {201, "application/json", json::serialize(json::object{{"id", *id}})};
}

control_reply list_faults(const control_order& order) {
    json::array all;
    for (const fault_in_force& each : order.targets.wrongs.list()) all.emplace_back(show(each));
    return {200, "application/json", json::serialize(json::object{{"faults", std::move(all)}})};
}

control_reply take_back_faults(const control_order& order) {
    const auto id = order.parameters.find("id");
    if (!id) {
        order.targets.wrongs.take_back_all();
        return {204, "", ""};
    }
    std::uint64_t number = 0;
    const char* const start = id->data();
    const char* const end = start + id->size();
    const bool is_number = std::from_chars(start, end, number).ptr == end;
    if (!is_number || !order.targets.wrongs.take_back(number)) throw bad_order{404, "no such fault"};
    return {204, "", ""};
}

} // namespace wxlogind::wechat_sim

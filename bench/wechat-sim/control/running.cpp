#include "bench/wechat-sim/control/fields.hpp"
#include "bench/wechat-sim/control/orders.hpp"

#include <boost/json/serialize.hpp>

namespace wxlogind::wechat_sim {

namespace json = boost::json;

namespace {

json::object show_errcodes(const std::map<int, std::uint64_t>& counted) {
    json::object shown;
    for (const auto& [errcode, count] : counted) shown[std::to_string(errcode)] = count;
    return shown;
}

} // namespace

control_reply advance_clock(const control_order& order) {
    static constexpr std::int64_t ten_years = 315'360'000;
    refuse_unknown(order.body, std::array<std::string_view, 1>{"advance_s"});
    const auto by = number_field(order.body, "advance_s", -ten_years, ten_years);
    if (!by) throw bad_order{"\"advance_s\" is missing"};
    order.targets.clock.advance(std::chrono::seconds{*by});
    const auto now = std::chrono::floor<std::chrono::seconds>(order.targets.clock.now());
    return {200, "application/json", json::serialize(json::object{{"now", now.time_since_epoch().count()}})};
}

control_reply set_style(const control_order& order) {
    refuse_unknown(
        order.body,
        std::array<std::string_view, 4>{"escape_slash", "errcode_zero", "old_hints", "country_code_number"});
    reply_style style = order.targets.answers.style();
    style.escapes_slash = bool_field(order.body, "escape_slash").value_or(style.escapes_slash);
    style.writes_errcode_zero = bool_field(order.body, "errcode_zero").value_or(style.writes_errcode_zero);
    style.writes_old_hints = bool_field(order.body, "old_hints").value_or(style.writes_old_hints);
    style.writes_country_code_as_number =
        bool_field(order.body, "country_code_number").value_or(style.writes_country_code_as_number);
    order.targets.answers.set_style(style);
    return {204, "", ""};
}

control_reply show_statistics(const control_order& order) {
    const totals sum = order.targets.counted.add_up();
    json::object calls;
    for (std::size_t index = 0; index <= endpoint_count(); ++index)
        if (!sum.errcodes[index].empty()) calls[endpoint_path(index)] = show_errcodes(sum.errcodes[index]);
    const json::object reply{
        {"connections", sum.connections},
        {"open_connections", sum.open_connections},
        {"refused_connections", sum.refused_connections},
        {"handshakes", sum.handshakes},
        {"resumed", sum.resumed},
        {"failed_handshakes", sum.failed_handshakes},
        {"requests", sum.requests},
        {"faults", sum.faults},
        {"by_errcode", show_errcodes(sum.errcodes[endpoint_index("/sns/jscode2session")])},
        {"calls", std::move(calls)}};
    return {200, "application/json", json::serialize(reply)};
}

} // namespace wxlogind::wechat_sim

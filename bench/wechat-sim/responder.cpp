#include "bench/wechat-sim/responder.hpp"

#include "bench/wechat-sim/endpoints/addressee.hpp"
#include "bench/wechat-sim/faults/fault_delivery.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"

namespace wxlogind::wechat_sim {

namespace {

void put_off(delivery& what, std::chrono::milliseconds by) {
    if (what.steps.empty())
        what.linger += by;
    else
        what.steps.front().pause += by;
}

} // namespace

std::optional<delivery>
responder::respond(const request& arrived, std::string_view client_ip, lane& here, std::string& out) {
    query_parameters parameters{arrived.query};
    const secured_call call{arrived, parameters, world_};
    const request& incoming = call.opened();
    const std::string_view code = parameters.text("js_code");
    if (!code.empty())
        world_.count_arrival(code);
    else if (incoming.path == phone_number_path)
        count_phone_code(incoming, world_);
    counters::count(here.counts.requests);

    struck how;
    if (faults_.may_strike_requests()) how = strike(incoming, parameters);
    if (!how.latency && !latency_.is_none()) how.latency = latency_.draw(here.numbers);
    if (how.fault || how.latency) return respond_badly(how, call, parameters, client_ip, here);

    const answer made = answer_truly(call, parameters, client_ip, nullptr, here);
    here.counts.count_errcode(endpoint_index(incoming.path), made.errcode);
    append_response(out, made, here.date.at(world_.now()), incoming.keeps_alive);
    return std::nullopt;
}

struck responder::strike(const request& incoming, query_parameters& parameters) {
    const addressee whom{incoming, parameters, world_};
    return faults_.strike_request(
        {incoming.path, whom.appid(), [&whom](std::string_view user) { return whom.is(user); }});
}

answer responder::answer_truly(
    const secured_call& call, query_parameters& parameters, std::string_view client_ip,
    const fault_rule* flaw, lane& here) {
    const request& incoming = call.opened();
    const request_id id = make_request_id(world_.now(), here.numbers);
    const endpoint_call asked{incoming, parameters, client_ip, world_, id, style()};
    answer made = call.errcode() == errcode::ok ? answer_call(asked) : refuse(asked, call.errcode());
    record_.note(incoming, made.body);
    call.close(made, flaw);
    if (incoming.method == "HEAD") made.body.clear();
    return made;
}

delivery responder::respond_badly(
    const struck& how, const secured_call& call, query_parameters& parameters, std::string_view client_ip,
    lane& here) {
    const request& incoming = call.opened();
    static const fault_rule only_late{.kind = fault_kind::latency, .consumes = true};
    const fault_rule& fault = how.fault ? *how.fault : only_late;
    if (how.fault) counters::count(here.counts.faults);

    answer made;
    made.content_type = content_type_of(family_of(incoming.path));
    if (fault.consumes) made = answer_truly(call, parameters, client_ip, &fault, here);
    if (fault.kind == fault_kind::errcode) {
        const request_id id = make_request_id(world_.now(), here.numbers);
        made = error_answer(fault.errcode, family_of(incoming.path), id, style(), client_ip);
    }
    if (fault.consumes || fault.kind == fault_kind::errcode)
        here.counts.count_errcode(endpoint_index(incoming.path), made.errcode);
    delivery out = deliver_fault(fault, made, here.date.at(world_.now()), incoming.keeps_alive);
    if (how.latency) put_off(out, *how.latency);
    return out;
}

void responder::refuse_chunked(lane& here, std::string& out) {
    counters::count(here.counts.requests);
    answer refused;
    refused.status = 412;
    append_response(out, refused, here.date.at(world_.now()), false);
}

} // namespace wxlogind::wechat_sim

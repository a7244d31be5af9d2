#include "bench/wechat-sim/responder.hpp"

namespace wxlogind::wechat_sim {

std::optional<delivery>
responder::respond(const request& incoming, std::string_view client_ip, lane& here, std::string& out) {
    query_parameters parameters{incoming.query};
    const std::string_view code = parameters.text("js_code");
    if (!code.empty()) world_.count_arrival(code);
    counters::count(here.counts.requests);

    const unix_millis now = world_.now();
    answer made =
        answer_call({incoming, parameters, client_ip, world_, make_request_id(now, here.numbers), style()});
    here.counts.count_errcode(made.errcode);
    if (incoming.method == "HEAD") made.body.clear();
    append_response(out, made, here.date.at(now), incoming.keeps_alive);
    return std::nullopt;
}

void responder::refuse_chunked(lane& here, std::string& out) {
    counters::count(here.counts.requests);
    answer refused;
    refused.status = 412;
    append_response(out, refused, here.date.at(world_.now()), false);
}

} // namespace wxlogind::wechat_sim

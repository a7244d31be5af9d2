// One endpoint of the API: what a request to its path is answered. A new one is a file here and a line in
// the table of endpoints.cpp.
#pragma once

#include "bench/wechat-sim/replies.hpp"
#include "bench/wechat-sim/wire/request.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <string_view>

namespace wxlogind::wechat_sim {

// What an endpoint may look at.
struct endpoint_call {
    const request& incoming;
    query_parameters& parameters;
    std::string_view client_ip;
    world& everything;
    request_id id;
    reply_style style;
};

// Answers a request, whatever its path. Any thread.
[[nodiscard]] answer answer_call(const endpoint_call& call);

[[nodiscard]] answer code_to_session(const endpoint_call& call); // GET /sns/jscode2session

} // namespace wxlogind::wechat_sim

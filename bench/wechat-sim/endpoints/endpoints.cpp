#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"

namespace wxlogind::wechat_sim {

namespace {

struct endpoint {
    std::string_view path;
    answer (*answer_it)(const endpoint_call& call);
};

constexpr endpoint endpoints[] = {
    {"/sns/jscode2session", &code_to_session},
};

} // namespace

answer answer_call(const endpoint_call& call) {
    for (const endpoint& each : endpoints)
        if (call.incoming.path == each.path) return each.answer_it(call);
    return error_answer(errcode::invalid_url, family_of(call.incoming.path), call.id, call.style);
}

} // namespace wxlogind::wechat_sim

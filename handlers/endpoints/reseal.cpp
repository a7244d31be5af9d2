// POST /keys/reseal begins to seal again under the newest key, GET says how far it is.
#include "handlers/acting_for.hpp"
#include "handlers/endpoints/endpoints.hpp"

#include "core/base/json_text.hpp"
#include "core/net/reactor.hpp"
#include "core/session/key_changes.hpp"

namespace wxlogind::handlers {

namespace {

void append_left(std::string& to, const std::map<std::uint32_t, std::uint64_t>& left) {
    to += R"(,"left":{)";
    for (const auto& [key, values] : left) {
        if (to.back() != '{') to += ',';
        append_json_string(to, session::name_of_sealing_key(key));
        to += ':';
        to += std::to_string(values);
    }
    to += '}';
}

net::response state_of(const resealing& work) {
    const resealing::progress now = work.now();
    net::response state;
    state.no_store = true;
    state.body = R"({"state":")";
    state.body += now.is_running ? "running" : now.is_complete ? "complete" : "idle";
    state.body += R"(","resealed":)";
    state.body += std::to_string(now.resealed);
    state.body += R"(,"unreadable":)";
    state.body += std::to_string(now.unreadable);
    state.body += R"(,"newest":)";
    append_json_string(state.body, session::name_of_sealing_key(now.newest_key));
    if (now.is_complete) append_left(state.body, now.left);
    state.body += '}';
    return state;
}

} // namespace

task<result<net::response>> start_resealing(const net::request& incoming, services& with) {
    with.reseal.start(incoming.home->get_executor(), acting_for(incoming, with));
    net::response begun = state_of(with.reseal);
    begun.status = 202;
    co_return begun;
}

task<result<net::response>> show_resealing(const net::request&, services& with) {
    co_return state_of(with.reseal);
}

} // namespace wxlogind::handlers

// POST /keys/reseal begins to seal again under the newest key, GET says how far it is.
#include "handlers/acting_for.hpp"
#include "handlers/endpoints.hpp"

#include "core/net/reactor.hpp"

namespace wxlogind::handlers {

namespace {

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

#include "core/server/server.hpp"

#include "core/base/essential_loop.hpp"
#include "core/base/log.hpp"
#include "core/server/avatar_keeping.hpp"
#include "core/server/house_keeping.hpp"
#include "core/server/missing_sealing_keys.hpp"
#include "core/server/server_parts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <thread>

namespace wxlogind {

namespace {

// Forgets answers of double taps whose window has passed. Ends with its reactor.
task<> keep_flights_tidy(net::reactor& on, wechat::code_flights& flights) {
    steady_timer pause{on.get_executor()};
    for (;;) {
        pause.expires_after(std::chrono::seconds{5});
        const auto [error] = co_await pause.async_wait(as_result);
        if (error) co_return;
        flights.sweep();
    }
}

// Renews access tokens ahead of their end, and forgets those of apps that a reload has taken away: a request
// that was under way then may have asked for one later. Ends with its reactor.
task<> keep_access_tokens_fresh(
    net::reactor& on, wechat::token_centre& tokens, const handlers::app_directory& apps) {
    const auto is_served = [&apps](std::string_view appid) { return apps.find(appid) != nullptr; };
    steady_timer pause{on.get_executor()};
    for (;;) {
        pause.expires_after(std::chrono::seconds{1});
        const auto [error] = co_await pause.async_wait(as_result);
        if (error) co_return;
        tokens.keep_only(is_served);
        tokens.tend();
    }
}

// Logins in the first moments find WeChat's addresses there already. Without them it starts all the same.
constexpr std::chrono::milliseconds first_lookup{1000};

} // namespace

server::server(const config& settings, const wall_clock& clock, const handed_sockets& handed)
    : parts_{std::make_unique<parts>(settings, clock, handed)} {}

server::~server() {
    stop();
}

void server::start() {
    parts_->upstream->names.wait_for_addresses(first_lookup);
    asio::co_spawn(
        parts_->house_reactor().get_executor(), keep_flights_tidy(parts_->house_reactor(), parts_->flights),
        essential_loop{"sweeping of finished exchanges"});
    asio::co_spawn(
        parts_->house_reactor().get_executor(),
        keep_flights_tidy(parts_->house_reactor(), parts_->phone_flights),
        essential_loop{"sweeping of finished phone calls"});
    asio::co_spawn(
        parts_->house_reactor().get_executor(),
        keep_access_tokens_fresh(parts_->house_reactor(), parts_->access_tokens, parts_->apps),
        essential_loop{"renewal of access tokens"});
    parts_->keep_house();
    parts_->look_for_sealing_keys();
    // First: when one of the next lines throws, whatever has begun is taken down in stop()'s order.
    parts_->is_running = true;
    parts_->http.start();
    parts_->reactors.start();
}

bool server::reload() {
    const bool is_in_force = parts_->reload();
    parts_->reload_figures.note(is_in_force, parts_->services.clock.now());
    note_in_audit_log(
        parts_->house_reactor(), parts_->store->audit(),
        {.event = storage::audit_event::configuration_reloaded, .detail = is_in_force ? "" : "refused"},
        parts_->services.clock.now());
    return is_in_force;
}

const config& server::settings() const {
    return parts_->settings;
}

std::string server::public_address() const {
    return parts_->http.address(0);
}
std::string server::internal_address() const {
    return parts_->http.address(1);
}

std::string server::describe() const {
    const auto connections = open_connections();
    std::string text = std::to_string(connections) + (connections == 1 ? " connection" : " connections");
    text += parts_->store->takes_writes() ? ", database writable" : ", database NOT writable";
    auto worst = wechat::upstream_state::untried;
    for (const wechat::wechat_api* each : parts_->wechat) worst = std::max(worst, each->state());
    return text.append(", WeChat ").append(to_string(worst));
}

std::vector<vital_sign> server::vital_signs() const {
    std::vector<vital_sign> signs;
    signs.reserve(parts_->reactors.size() + 1);
    for (std::size_t index = 0; index < parts_->reactors.size(); ++index)
        signs.push_back({parts_->reactors[index].name(), parts_->reactors[index].heartbeat()});
    signs.push_back({"writer", parts_->store_counts.writer_turns.load(std::memory_order_relaxed)});
    return signs;
}

void server::announce_leaving() {
    parts_->ready.start_draining();
}

void server::refuse_new_connections() {
    parts_->http.stop_accepting();
    parts_->http.finish_current_requests();
    parts_->tell_held_refusals();
}

std::size_t server::open_connections() const {
    return parts_->http.open_connections();
}

bool server::is_deserted() const {
    return parts_->http.is_deserted();
}

void server::parts::look_for_sealing_keys() {
    asio::co_spawn(
        house_reactor().get_executor(),
        tell_of_missing_sealing_keys(store->sealed(), keys.held(), settings.tokens.keys_file),
        [](const std::exception_ptr& failure) {
            if (failure) log_error("the look for missing sealing keys was given up, out of memory");
        });
}

void server::parts::keep_house() {
    net::reactor& on = house_reactor();
    asio::co_spawn(
        on.get_executor(), sweep_sessions(on, store->sessions(), services.clock),
        essential_loop{"sweeping of sessions"});
    asio::co_spawn(
        on.get_executor(), forget_revocations(on, revoked, services.clock),
        essential_loop{"forgetting of revocations"});
    asio::co_spawn(
        on.get_executor(),
        keep_audit_log(on, store->audit(), login_failures, services.clock, audit_retention),
        essential_loop{"keeping of the audit log"});
    asio::co_spawn(
        on.get_executor(), remove_unused_avatars(on, *avatar_files, store->users()),
        essential_loop{"tidying of pictures"});
}

// Nobody has to wait for bad news while the server leaves.
void server::parts::tell_held_refusals() {
    for (std::size_t index = 0; index < admission_owners.size(); ++index)
        asio::post(
            reactors[index].get_executor(), [of = admission_owners[index]] { of->refusals().let_all_go(); });
}

// What is still open waits for a write, which the store has finished by now, or for WeChat, which has a
// deadline.
bool server::parts::wait_for_connections() {
    const auto limit = steady_clock::now() + longest_exchange() + std::chrono::seconds{1};
    const auto is_done = [this] { return http.is_deserted() && access_tokens.is_idle(); };
    while (!is_done() && steady_clock::now() < limit)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    const auto left = http.open_connections();
    if (left != 0) log_error("connections did not end", {{"count", std::to_string(left), true}});
    return is_done();
}

// Each on its own reactor, which has to turn for it.
void server::parts::end_wechat_clients() {
    wechat.clear();
    wechat_calls.clear();
    for (std::size_t index = 0; index < wechat_clients.size(); ++index)
        asio::post(
            reactors[index].get_executor(), [client = std::move(wechat_clients[index]),
                                             looks_at_it = std::move(admission_owners[index])]() mutable {
                looks_at_it.reset();
                client.reset();
            });
    wechat_clients.clear();
    admission_owners.clear();
}

void server::stop() {
    if (!parts_->is_running) return;
    parts_->is_running = false;
    refuse_new_connections();
    parts_->http.close_remaining();
    parts_->access_tokens.close();
    parts_->metrics.close(); // it looks into what goes away from here on
    // Finishes every queued write, and so wakes whoever waits for one.
    parts_->avatar_files->close();
    parts_->store->close();
    // A client that still has an exchange under way goes later, when no reactor runs any more.
    if (parts_->wait_for_connections()) parts_->end_wechat_clients();
    parts_->reactors.stop_and_join();
    parts_->flights.close();
    parts_->phone_flights.close();
}

} // namespace wxlogind

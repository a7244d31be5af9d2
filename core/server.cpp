#include "core/server.hpp"

#include "core/audit_keeping.hpp"
#include "core/base/essential_loop.hpp"
#include "core/base/log.hpp"
#include "core/house_keeping.hpp"
#include "core/net/http_server.hpp"
#include "core/net/reactor.hpp"
#include "core/reload.hpp"
#include "core/revocation_feed.hpp"
#include "core/session/current_keyring.hpp"
#include "core/session/keyring_file.hpp"
#include "core/wechat/code_flights.hpp"
#include "core/wechat/wechat_client.hpp"
#include "handlers/app_directory.hpp"
#include "handlers/readiness.hpp"
#include "handlers/router.hpp"
#include "handlers/routes.hpp"
#include "handlers/services.hpp"
#include "storage/open_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <filesystem>
#include <thread>
#include <vector>

namespace wxlogind {

namespace {

unsigned reactor_count(const server_settings& settings) {
    return settings.threads != 0 ? settings.threads : std::max(1u, std::thread::hardware_concurrency());
}

wechat::flight_limits flight_limits_of(const wechat_settings& settings) {
    wechat::flight_limits limits;
    limits.replay_window = settings.replay_window;
    limits.spent_codes = settings.spent_codes;
    return limits;
}

unix_seconds to_seconds(unix_millis time) {
    return std::chrono::floor<std::chrono::seconds>(time);
}

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

// Renews access tokens ahead of their end. Ends with its reactor.
task<> keep_access_tokens_fresh(net::reactor& on, wechat::token_centre& tokens) {
    steady_timer pause{on.get_executor()};
    for (;;) {
        pause.expires_after(std::chrono::seconds{1});
        const auto [error] = co_await pause.async_wait(as_result);
        if (error) co_return;
        tokens.tend();
    }
}

bool is_there(const std::string& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

// Logins in the first moments find WeChat's addresses there already. Without them it starts all the same.
constexpr std::chrono::milliseconds first_lookup{1000};

} // namespace

// In the order in which they are made; taken down in the reverse one.
struct server::parts {
    parts(const config& settings, const wall_clock& clock, const handed_sockets& handed);

    const bool had_keys;
    session::current_keyring keys;
    session::token_rules token_rules;
    session::revocations revoked;
    revocation_feed feed;
    storage::store_counters store_counts;
    std::unique_ptr<storage::store> store;
    handlers::app_directory apps;
    handlers::service_keys service_keys;
    handlers::request_limits limits;
    wechat::code_flights flights;
    wechat::token_centre access_tokens;
    wechat::call_counts wechat_call_counts;
    std::unique_ptr<net::https_upstream> upstream;
    net::reactor_pool reactors;
    std::vector<std::unique_ptr<wechat::wechat_client>> wechat_clients;
    std::vector<wechat::wechat_api*> wechat;
    std::vector<wechat::authorised_calls*> wechat_calls;
    handlers::readiness ready;
    handlers::failed_logins login_failures;
    handlers::resealing reseal;
    metrics::exposition metrics;
    handlers::services services;
    handlers::router public_router;
    handlers::router internal_router;
    net::http_server http;
    const std::chrono::milliseconds longest_exchange;
    const std::chrono::hours audit_retention;
    reload_list reloads;
    std::shared_ptr<const net::tls_server_context> certificate; // of the public listener; the main thread's
    bool is_running{false};

    reload_list::change read_certificate(const server_settings& settings);
    reload_list::change read_keys(const std::string& file);
    void exchange_keys(std::shared_ptr<const session::keyring> next);

    void show_figures();
    void keep_house();
    bool wait_for_connections();
    void end_wechat_clients();
};

server::parts::parts(const config& settings, const wall_clock& clock, const handed_sockets& handed)
    : had_keys{is_there(settings.tokens.keys_file)},
      keys{session::load_or_create_keyring(settings.tokens.keys_file, to_seconds(clock.now()))},
      token_rules{.issuer = settings.tokens.issuer},
      revoked{settings.tokens.max_revocations, token_rules, settings.tokens.access_ttl},
      feed{revoked},
      store{storage::open_store(settings.storage, store_counts, &feed)},
      apps{settings.apps},
      service_keys{settings.service_keys, handlers::wants_service_keys(settings.server)},
      limits{settings.limits, steady_clock::now()},
      flights{flight_limits_of(settings.wechat)},
      access_tokens{settings.wechat.timeout},
      upstream{wechat::make_upstream(settings.wechat)},
      reactors{reactor_count(settings.server)},
      ready{*store},
      reseal{store->sealed(), store->audit(), keys, clock},
      services{
          .clock = clock,
          .apps = apps,
          .wechat = wechat,
          .wechat_calls = wechat_calls,
          .access_tokens = access_tokens,
          .flights = flights,
          .store = *store,
          .sessions = store->sessions(),
          .session_keys = store->session_keys(),
          .users = store->users(),
          .audit = store->audit(),
          .login_failures = login_failures,
          .reseal = reseal,
          .keys = keys,
          .service_keys = service_keys,
          .limits = limits,
          .token_rules = token_rules,
          .lifetimes =
              {.access = settings.tokens.access_ttl,
               .refresh = settings.tokens.refresh_ttl,
               .session = settings.tokens.session_ttl,
               .grace = settings.tokens.refresh_grace},
          .revoked = revoked,
          .ready = ready,
          .metrics = metrics},
      public_router{handlers::public_routes(), services, "public", reactors.size()},
      internal_router{handlers::internal_routes(), services, "internal", reactors.size()},
      http{
          reactors,
          settings.server,
          {{.address = settings.server.listen, .service = &public_router, .adopted = handed.public_listener},
           {.address = settings.server.internal_listen,
            .service = &internal_router,
            .is_internal = true,
            .adopted = handed.internal_listener}}},
      longest_exchange{2 * settings.wechat.timeout}, // a call may wait for an access token first
      audit_retention{settings.audit.retention} {
    if (!had_keys && store->had_users())
        log_error(
            "the keys are new and the users are not: was keys_file lost or renamed? Until the old file is "
            "back, earlier tokens and what is sealed in the database count for nothing",
            {{"keys_file", settings.tokens.keys_file}});
    if (!settings.server.tls_certificate_file.empty()) {
        read_certificate(settings.server)();
        reloads.add("certificate", [this, server = settings.server] { return read_certificate(server); });
    }
    if (service_keys.are_required() && settings.service_keys.empty())
        log_warning(
            "the internal listener wants service keys and none is configured: only /verify and the health "
            "checks are answered",
            {{"internal_listen", settings.server.internal_listen}});
    reloads.add("keys", [this, file = settings.tokens.keys_file] { return read_keys(file); });
    for (std::size_t index = 0; index < reactors.size(); ++index) {
        wechat_clients.push_back(std::make_unique<wechat::wechat_client>(
            reactors[index], *upstream, settings.wechat, reactors.size(), access_tokens, wechat_call_counts));
        wechat.push_back(&wechat_clients.back()->logins);
        wechat_calls.push_back(&wechat_clients.back()->calls);
    }
    access_tokens.open(reactors[0].get_executor(), wechat_clients[0]->token_source);
    show_figures();
}

// What GET /metrics shows: a line for each part that counts.
void server::parts::show_figures() {
    const auto add = [this](const auto& part) {
        metrics.sources().add([&part](metrics::report& to) { part.describe(to); });
    };
    add(public_router.counts());
    add(internal_router.counts());
    add(access_tokens);
    add(wechat_call_counts);
}

reload_list::change server::parts::read_certificate(const server_settings& settings) {
    auto next = std::make_shared<const net::tls_server_context>(
        settings.tls_certificate_file, settings.tls_key_file, certificate.get());
    return [this, next = std::move(next)] {
        certificate = next;
        http.use_certificate(0, next);
    };
}

reload_list::change server::parts::read_keys(const std::string& file) {
    auto next = session::load_keyring(file);
    session::check_succession(*keys.held(), *next, file);
    return [this, next = std::move(next)] { exchange_keys(next); };
}

void server::parts::exchange_keys(std::shared_ptr<const session::keyring> next) {
    log_info(
        "keys", {{"signs", next->active().kid}, {"verify", std::to_string(next->verifiers().size()), true}});
    const bool signs_another = next->active().kid != keys.held()->active().kid;
    storage::audit_entry entry{.event = storage::audit_event::keys_changed, .detail = next->active().kid};
    if (signs_another) note_in_audit_log(reactors[0], store->audit(), std::move(entry), services.clock.now());
    const auto previous = keys.replace(std::move(next));
    for (std::size_t index = 0; index < reactors.size(); ++index)
        asio::post(reactors[index].get_executor(), [previous] {});
}

server::server(const config& settings, const wall_clock& clock, const handed_sockets& handed)
    : parts_{std::make_unique<parts>(settings, clock, handed)} {}

server::~server() {
    stop();
}

void server::start() {
    parts_->upstream->names.wait_for_addresses(first_lookup);
    asio::co_spawn(
        parts_->reactors[0].get_executor(), keep_flights_tidy(parts_->reactors[0], parts_->flights),
        essential_loop{"sweeping of finished exchanges"});
    asio::co_spawn(
        parts_->reactors[0].get_executor(),
        keep_access_tokens_fresh(parts_->reactors[0], parts_->access_tokens),
        essential_loop{"renewal of access tokens"});
    parts_->keep_house();
    // First: when one of the next lines throws, whatever has begun is taken down in stop()'s order.
    parts_->is_running = true;
    parts_->http.start();
    parts_->reactors.start();
}

bool server::reload() {
    const bool is_in_force = parts_->reloads.reload();
    note_in_audit_log(
        parts_->reactors[0], parts_->store->audit(),
        {.event = storage::audit_event::configuration_reloaded, .detail = is_in_force ? "" : "refused"},
        parts_->services.clock.now());
    return is_in_force;
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
    for (std::size_t index = 0; index < parts_->reactors.size(); ++index)
        signs.push_back({"reactor-" + std::to_string(index), parts_->reactors[index].heartbeat()});
    signs.push_back({"writer", parts_->store_counts.writer_turns.load(std::memory_order_relaxed)});
    return signs;
}

void server::announce_leaving() {
    parts_->ready.start_draining();
}

void server::refuse_new_connections() {
    parts_->http.stop_accepting();
    parts_->http.finish_current_requests();
}

std::size_t server::open_connections() const {
    return parts_->http.open_connections();
}

void server::parts::keep_house() {
    net::reactor& on = reactors[0];
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
}

// What is still open waits for a write, which the store has finished by now, or for WeChat, which has a
// deadline.
bool server::parts::wait_for_connections() {
    const auto limit = steady_clock::now() + longest_exchange + std::chrono::seconds{1};
    const auto is_done = [this] { return http.open_connections() == 0 && access_tokens.is_idle(); };
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
        asio::post(reactors[index].get_executor(), [client = std::move(wechat_clients[index])]() mutable {
            client.reset();
        });
    wechat_clients.clear();
}

void server::stop() {
    if (!parts_->is_running) return;
    parts_->is_running = false;
    refuse_new_connections();
    parts_->http.close_remaining();
    parts_->access_tokens.close();
    parts_->metrics.close(); // it looks into what goes away from here on
    // Finishes every queued write, and so wakes whoever waits for one.
    parts_->store->close();
    // A client that still has an exchange under way goes later, when no reactor runs any more.
    if (parts_->wait_for_connections()) parts_->end_wechat_clients();
    parts_->reactors.stop_and_join();
    parts_->flights.close();
}

} // namespace wxlogind

#include "core/server/server_parts.hpp"

#include "core/base/log.hpp"
#include "core/server/process_figures.hpp"
#include "core/session/keyring_file.hpp"
#include "core/wechat/client_figures.hpp"
#include "handlers/routes.hpp"
#include "storage/store_figures.hpp"

#include <filesystem>

namespace wxlogind {

namespace {

wechat::flight_limits flight_limits_of(const wechat_settings& settings) {
    wechat::flight_limits limits;
    limits.replay_window = settings.replay_window;
    limits.spent_codes = settings.spent_codes;
    return limits;
}

unix_seconds to_seconds(unix_millis time) {
    return std::chrono::floor<std::chrono::seconds>(time);
}

bool is_there(const std::string& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored);
}

} // namespace

std::shared_ptr<const handlers::token_lifetimes> lifetimes_of(const token_settings& settings) {
    handlers::token_lifetimes lives;
    lives.access = settings.access_ttl;
    lives.refresh = settings.refresh_ttl;
    lives.session = settings.session_ttl;
    lives.grace = settings.refresh_grace;
    return std::make_shared<const handlers::token_lifetimes>(lives);
}

server::parts::parts(config from, const wall_clock& clock, const handed_sockets& handed)
    : had_keys{is_there(from.tokens.keys_file)},
      keys{session::load_or_create_keyring(from.tokens.keys_file, to_seconds(clock.now()))},
      token_rules{.issuer = from.tokens.issuer},
      revoked{from.tokens.max_revocations, token_rules, from.tokens.access_ttl},
      feed{revoked},
      store{storage::open_store(from.storage, store_counts, &feed)},
      avatar_files{storage::open_avatars(from.storage, from.avatars.min_free_bytes)},
      avatars{*avatar_files, from.avatars},
      apps{from.apps},
      service_keys{from.service_keys, handlers::wants_service_keys(from.server)},
      lifetimes{lifetimes_of(from.tokens)},
      limits{from.limits, steady_clock::now()},
      flights{flight_limits_of(from.wechat)},
      phone_flights{flight_limits_of(from.wechat)},
      access_tokens{from.wechat.timeout},
      upstream{wechat::make_upstream(from.wechat)},
      plan{from.server},
      reactors{make_reactors(plan)},
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
          .avatars = avatars,
          .token_rules = token_rules,
          .lifetimes = lifetimes,
          .revoked = revoked,
          .ready = ready,
          .phones = store->phones(),
          .phone_flights = phone_flights,
          .phone_spending = phone_spending,
          .open_data_longest_age = from.wechat.open_data_max_age,
          .metrics = metrics,
          .admissions = &admissions},
      public_router{handlers::public_routes(), services, "public", reactors.size()},
      internal_router{handlers::internal_routes(), services, "internal", reactors.size()},
      http{
          reactors,
          from.server,
          {{.address = from.server.listen,
            .service = &public_router,
            .adopted = handed.public_listener,
            .reactors = plan.for_public},
           {.address = from.server.internal_listen,
            .service = &internal_router,
            .is_internal = true,
            .adopted = handed.internal_listener,
            .reactors = plan.for_internal}}},
      audit_retention{from.audit.retention},
      settings{std::move(from)},
      reload_figures{clock.now()} {
    if (!had_keys && store->had_users())
        log_error(
            "the keys are new and the users are not: was keys_file lost or renamed? Until the old file is "
            "back, earlier tokens and what is sealed in the database count for nothing",
            {{"keys_file", settings.tokens.keys_file}});
    if (!settings.server.tls_certificate_file.empty()) read_certificate(settings.server)();
    if (service_keys.are_required() && settings.service_keys.empty())
        log_warning(
            "the internal listener wants service keys and none is configured: only /verify and the health "
            "checks are answered",
            {{"internal_listen", settings.server.internal_listen}});
    list_reloads();
    for (std::size_t index = 0; index < reactors.size(); ++index) {
        wechat_clients.push_back(std::make_unique<wechat::wechat_client>(
            reactors[index], *upstream, settings.wechat, plan.share_of(index),
            plan.is_internal(index) ? "internal" : "public", access_tokens, clock));
        wechat.push_back(&wechat_clients.back()->logins);
        wechat_calls.push_back(&wechat_clients.back()->calls);
        admission_owners.push_back(std::make_shared<handlers::admission>(
            reactors[index], queueing(), refusing(), *wechat.back(), *store));
        admissions.push_back(admission_owners.back().get());
    }
    const std::size_t home = plan.for_internal.first;
    access_tokens.open(reactors[home].get_executor(), wechat_clients[home]->token_source);
    show_figures();
}

queue_rules server::parts::queueing() const {
    return {.target = settings.server.max_queue_time, .patience = std::chrono::seconds{2}};
}

// Of the connections that there may be, an eighth is left for others than those who are held.
refusal_rules server::parts::refusing() const {
    return {
        .longest = settings.server.max_refusal_delay,
        .most_held = http.max_connections() / 8 * 7 / plan.for_public.count};
}

// What GET /metrics shows: a line for each part that counts.
void server::parts::show_figures() {
    const auto add = [this](const auto& part) {
        metrics.sources().add([&part](metrics::report& to) { part.describe(to); });
    };
    add(public_router.counts());
    add(internal_router.counts());
    add(access_tokens);
    add(phone_spending);
    add(avatars);
    add(reload_figures);
    add(certificate_end);
    add(http);
    add(limits);
    metrics.sources().add([this](metrics::report& to) {
        storage::describe(store_counts, store->takes_writes(), to);
        handlers::describe(admissions, to);
        describe_reactors(to);
        describe_process(to);
        describe_log(to);
        describe_build(to);
        describe_apps(to); // the last
    });
}

// What is about single apps: of those that are served now.
void server::parts::describe_apps(metrics::report& to) const {
    const std::shared_ptr<const handlers::app_list> served = apps.held();
    auto used = to.gauge(
        "wxlogind_app_quota_used_ratio",
        "How much of logins_per_app an app has used: 1 is all of it, 0 also where there is no quota.");
    const auto now = steady_clock::now();
    std::vector<std::string> appids;
    for (const handlers::app& each : served->all()) {
        const std::string& appid = appids.emplace_back(each.credentials.appid);
        used.add_number(limits.used_by_app(appid, each.logins, now), {{"appid", appid}});
    }
    wechat::describe(wechat_clients, appids, to);
    to.keep_only("appid", [&](std::string_view appid) { return served->find(appid) != nullptr; });
}

void server::parts::describe_reactors(metrics::report& to) {
    std::uint64_t exceptions = 0;
    for (std::size_t index = 0; index < reactors.size(); ++index) exceptions += reactors[index].exceptions();
    auto loops = to.gauge("wxlogind_reactors", "Event loops, each on a thread of its own.");
    loops.add(plan.for_public.count, {{"listener", "public"}});
    loops.add(plan.for_internal.count, {{"listener", "internal"}});
    to.counter("wxlogind_reactor_exceptions_total", "Exceptions that reached an event loop: faults of ours.")
        .add(exceptions);
}

} // namespace wxlogind

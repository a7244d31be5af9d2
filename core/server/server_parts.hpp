// The parts of a server. For the files of the composition root alone: server.cpp (how it lives),
// server_parts.cpp (how it is made) and server_reload.cpp (what changes while it runs).
#pragma once

#include "core/base/current.hpp"
#include "core/net/http_server.hpp"
#include "core/net/reactor.hpp"
#include "core/server/audit_keeping.hpp"
#include "core/server/certificate_figure.hpp"
#include "core/server/reactor_plan.hpp"
#include "core/server/reload.hpp"
#include "core/server/reload_counts.hpp"
#include "core/server/revocation_feed.hpp"
#include "core/server/server.hpp"
#include "core/session/current_keyring.hpp"
#include "core/wechat/code_flights.hpp"
#include "core/wechat/wechat_client.hpp"
#include "handlers/app_directory.hpp"
#include "handlers/readiness.hpp"
#include "handlers/router.hpp"
#include "handlers/services.hpp"
#include "storage/open_store.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace wxlogind {

[[nodiscard]] std::shared_ptr<const handlers::token_lifetimes> lifetimes_of(const token_settings& settings);

// In the order in which they are made; taken down in the reverse one.
struct server::parts {
    parts(config from, const wall_clock& clock, const handed_sockets& handed);

    const bool had_keys;
    session::current_keyring keys;
    session::token_rules token_rules;
    session::revocations revoked;
    revocation_feed feed;
    storage::store_counters store_counts;
    std::unique_ptr<storage::store> store;
    std::unique_ptr<storage::avatar_store> avatar_files;
    handlers::avatar_access avatars;
    handlers::app_directory apps;
    handlers::service_keys service_keys;
    current<handlers::token_lifetimes> lifetimes;
    handlers::request_limits limits;
    wechat::code_flights flights;
    wechat::code_flights phone_flights;
    handlers::phone_meter phone_spending;
    wechat::token_centre access_tokens;
    std::unique_ptr<net::https_upstream> upstream;
    reactor_plan plan;
    net::reactor_pool reactors;
    std::vector<std::unique_ptr<wechat::wechat_client>> wechat_clients;
    std::vector<wechat::wechat_api*> wechat;
    std::vector<wechat::authorised_calls*> wechat_calls;
    std::vector<std::shared_ptr<handlers::admission>> admission_owners;
    std::vector<handlers::admission*> admissions;
    handlers::readiness ready;
    handlers::failed_logins login_failures;
    handlers::resealing reseal;
    metrics::exposition metrics;
    handlers::services services;
    handlers::router public_router;
    handlers::router internal_router;
    net::http_server http;
    std::atomic<std::chrono::hours> audit_retention;
    config settings; // what counts: the main thread's
    reload_list reloads;
    reload_counts reload_figures;
    certificate_figure certificate_end;
    std::shared_ptr<const net::tls_server_context> certificate; // of the public listener; the main thread's
    bool is_running{false};

    // What a reload takes in: core/server/server_reload.cpp.
    void list_reloads();
    bool reload();
    reload_list::change read_certificate(const server_settings& settings);
    reload_list::change read_connection_rules(const config& next);
    reload_list::change read_keys(const std::string& file);
    reload_list::change read_apps(const config& next);
    reload_list::change read_service_keys(const config& next);
    reload_list::change read_numbers(const config& next);
    void exchange_keys(std::shared_ptr<const session::keyring> next);
    void look_for_sealing_keys();
    void tell_wechat_clients();
    void tell_admissions();
    [[nodiscard]] queue_rules queueing() const;
    [[nodiscard]] refusal_rules refusing() const;

    // A call may wait for an access token first.
    [[nodiscard]] std::chrono::milliseconds longest_exchange() const { return 2 * settings.wechat.timeout; }

    // Where the house is kept: the first that serves no logins.
    [[nodiscard]] net::reactor& house_reactor() { return reactors[plan.for_internal.first]; }

    void show_figures();
    void describe_reactors(metrics::report& to);
    void describe_apps(metrics::report& to) const;
    void keep_house();
    void tell_held_refusals();
    bool wait_for_connections();
    void end_wechat_clients();
};

} // namespace wxlogind

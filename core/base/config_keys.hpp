// Every key of the configuration: its name, the field it fills, and what it may hold. Reading, checking and
// printing all walk through this one list.
#pragma once

#include "core/base/config.hpp"
#include "core/base/config_values.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace wxlogind {

// `keys` has to offer these, each called once per key:
//
//     text(name, std::string&, text_check)            a string that the check passes
//     path(name, std::string&)                        a file name
//     list(name, std::vector<std::string>&, text_check)
//     flag(name, bool&)
//     number(name, Integer&, least, most)             both ends included
//     duration(name, Duration&, least, most)          an integer in the unit of Duration
//     choice(name, Enum&, std::initializer_list<std::pair<std::string_view, Enum>>)
//     app_secret(app_settings&)                       secret_file or secret

template <class Keys>
void list_keys(Keys& keys, server_settings& it) {
    using namespace std::chrono_literals;
    keys.text("listen", it.listen, &check_tcp_or_unix_address);
    keys.text("internal_listen", it.internal_listen, &check_tcp_or_unix_address);
    keys.number("threads", it.threads, 0, 1024);
    keys.flag("require_service_keys", it.require_service_keys);
    keys.list("trusted_proxies", it.trusted_proxies, &check_trusted_proxy);
    keys.flag("proxy_protocol", it.proxy_protocol);
    keys.flag("internal_proxy_protocol", it.internal_proxy_protocol);
    keys.path("tls_certificate_file", it.tls_certificate_file);
    keys.path("tls_key_file", it.tls_key_file);
    keys.number("max_connections", it.max_connections, 0, 10'000'000);
    keys.number("max_requests_per_connection", it.max_requests_per_connection, 1, 1'000'000'000);
    keys.number("max_header_bytes", it.max_header_bytes, 1024, 64 * 1024);
    keys.number("max_body_bytes", it.max_body_bytes, 1024, 16 * 1024 * 1024);
    keys.duration("header_timeout_ms", it.header_timeout, 10ms, 10min);
    keys.duration("body_timeout_ms", it.body_timeout, 10ms, 10min);
    keys.duration("write_timeout_ms", it.write_timeout, 10ms, 10min);
    keys.duration("keep_alive_timeout_ms", it.keep_alive_timeout, 10ms, 1h);
    keys.duration("drain_delay_ms", it.drain_delay, 0ms, 10min);
    keys.duration("drain_timeout_ms", it.drain_timeout, 0ms, 1h);
}

template <class Keys>
void list_keys(Keys& keys, wechat_settings& it) {
    using namespace std::chrono_literals;
    keys.text("base_url", it.base_url, &check_https_origin);
    keys.path("ca_file", it.ca_file);
    keys.list("dns_servers", it.dns_servers, &check_tcp_address);
    keys.number("max_connections", it.max_connections, 1, 65536);
    keys.number("max_waiting", it.max_waiting, 0, 1'000'000);
    keys.duration("timeout_ms", it.timeout, 10ms, 1min);
    keys.duration("connect_timeout_ms", it.connect_timeout, 10ms, 1min);
    keys.duration("tls_timeout_ms", it.tls_timeout, 10ms, 1min);
    keys.duration("first_byte_timeout_ms", it.first_byte_timeout, 10ms, 1min);
    keys.duration("idle_timeout_ms", it.idle_timeout, 100ms, 1h);
    keys.duration("resolve_interval_ms", it.resolve_interval, 100ms, 24h);
    keys.number("breaker_failures", it.breaker_failures, 1, 1'000'000);
    keys.duration("breaker_pause_ms", it.breaker_pause, 10ms, 10min);
    keys.number("spent_codes", it.spent_codes, 1, 100'000'000);
    keys.duration("replay_window_ms", it.replay_window, 0ms, 5min);
}

template <class Keys>
void list_keys(Keys& keys, app_settings& it) {
    keys.text("appid", it.appid, &check_appid);
    keys.app_secret(it);
    keys.flag("default", it.is_default);
    keys.flag("expose_openid", it.expose_openid);
    keys.flag("expose_unionid", it.expose_unionid);
    keys.number("sessions_per_user", it.sessions_per_user, 0, 1000);
}

template <class Keys>
void list_keys(Keys& keys, service_key_settings& it) {
    keys.text("name", it.name, &check_service_name);
    keys.text("hash", it.hash, &check_service_key_hash);
    keys.path("hash_file", it.hash_file);
    keys.list("scopes", it.scopes, &check_service_scope);
}

template <class Keys>
void list_keys(Keys& keys, storage_settings& it) {
    keys.text("url", it.url, &check_storage_url);
    keys.number("max_batch_rows", it.max_batch_rows, 1, 65536);
    keys.number("max_queued_rows", it.max_queued_rows, 1, 10'000'000);
    keys.number("checkpoint_pages", it.checkpoint_pages, 1, 1'000'000);
}

template <class Keys>
void list_keys(Keys& keys, token_settings& it) {
    using namespace std::chrono_literals;
    keys.path("keys_file", it.keys_file);
    keys.text("issuer", it.issuer, &check_issuer);
    keys.duration("access_ttl_s", it.access_ttl, 1s, 365 * 24h);
    keys.duration("refresh_ttl_s", it.refresh_ttl, 1s, 10 * 365 * 24h);
    keys.duration("session_ttl_s", it.session_ttl, 1s, 10 * 365 * 24h);
    keys.duration("refresh_grace_s", it.refresh_grace, 0s, 5min);
    keys.number("max_revocations", it.max_revocations, 64, 100'000'000);
}

template <class Keys>
void list_keys(Keys& keys, audit_settings& it) {
    using std::chrono::days;
    keys.duration("retention_days", it.retention, days{0}, days{36500});
}

template <class Keys>
void list_keys(Keys& keys, limits_settings& it) {
    keys.number("logins_per_address", it.logins_per_address, 0, 1'000'000);
    keys.number("requests_per_user", it.requests_per_user, 0, 1'000'000);
    keys.number("logins_per_app", it.logins_per_app, 0, 1'000'000);
    keys.number("tracked_addresses", it.tracked_addresses, 1024, 1'000'000'000);
    keys.number("tracked_users", it.tracked_users, 1024, 1'000'000'000);
}

template <class Keys>
void list_keys(Keys& keys, log_settings& it) {
    keys.choice(
        "level", it.level,
        {{"debug", log_level::debug},
         {"info", log_level::info},
         {"warning", log_level::warning},
         {"error", log_level::error}});
    keys.choice("format", it.format, {{"text", log_format::text}, {"json", log_format::json}});
    keys.number("buffer_bytes", it.buffer_bytes, 64 * 1024, 1024 * 1024 * 1024);
}

// `visit(name, settings)` for each section that stands there once; the apps and service keys are the
// caller's.
template <class Config, class Visit>
void list_sections(Config& it, Visit visit) {
    visit("server", it.server);
    visit("wechat", it.wechat);
    visit("storage", it.storage);
    visit("tokens", it.tokens);
    visit("audit", it.audit);
    visit("limits", it.limits);
    visit("log", it.log);
}

} // namespace wxlogind

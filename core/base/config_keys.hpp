// Every key of the configuration: its name, the field it fills, what it may hold, and whether a SIGHUP takes
// a new value in. Reading, checking, comparing and printing all walk through this one list.
#pragma once

#include "core/base/config.hpp"
#include "core/base/config_values.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace wxlogind {

// When a changed value counts.
enum class taken_in : unsigned char {
    at_reload,
    at_restart, // a SIGHUP says that the key has changed, and keeps the old value
};

struct config_key {
    std::string_view name;
    taken_in when;

    constexpr operator std::string_view() const noexcept {
        return name;
    } // NOLINT(google-explicit-constructor)
};

constexpr config_key at_reload(std::string_view name) noexcept {
    return {name, taken_in::at_reload};
}
constexpr config_key at_restart(std::string_view name) noexcept {
    return {name, taken_in::at_restart};
}

// `keys` has to offer these, each called once per key, with a config_key as its name:
//
//     text(name, std::string&, text_check)            a string that the check passes
//     path(name, std::string&)                        a file name
//     list(name, std::vector<std::string>&, text_check)
//     flag(name, bool&)
//     number(name, Integer&, least, most)             both ends included
//     duration(name, Duration&, least, most)          an integer in the unit of Duration
//     choice(name, Enum&, std::initializer_list<std::pair<std::string_view, Enum>>)
//     app_secret(name, std::string& file, secret&)    the value in the key NAME, or its file in NAME_file
//     secret_file(name, std::string& file, secret&)   a file that only its owner may read, and its content
//     open_file(name, std::string& file, std::string& content)

template <class Keys>
void list_keys(Keys& keys, server_settings& it) {
    using namespace std::chrono_literals;
    keys.text(at_restart("listen"), it.listen, &check_tcp_or_unix_address);
    keys.text(at_restart("internal_listen"), it.internal_listen, &check_tcp_or_unix_address);
    keys.number(at_restart("threads"), it.threads, 0, 1024);
    keys.number(at_restart("internal_threads"), it.internal_threads, 0, 1024);
    keys.flag(at_reload("require_service_keys"), it.require_service_keys);
    keys.list(at_reload("trusted_proxies"), it.trusted_proxies, &check_trusted_proxy);
    keys.flag(at_reload("proxy_protocol"), it.proxy_protocol);
    keys.flag(at_reload("internal_proxy_protocol"), it.internal_proxy_protocol);
    keys.path(at_reload("tls_certificate_file"), it.tls_certificate_file);
    keys.path(at_reload("tls_key_file"), it.tls_key_file);
    keys.number(at_reload("max_connections"), it.max_connections, 0, 10'000'000);
    keys.number(at_reload("max_requests_per_connection"), it.max_requests_per_connection, 1, 1'000'000'000);
    keys.number(at_reload("max_header_bytes"), it.max_header_bytes, 1024, 64 * 1024);
    keys.number(at_reload("max_body_bytes"), it.max_body_bytes, 1024, 16 * 1024 * 1024);
    keys.duration(at_reload("header_timeout_ms"), it.header_timeout, 10ms, 10min);
    keys.duration(at_reload("body_timeout_ms"), it.body_timeout, 10ms, 10min);
    keys.duration(at_reload("write_timeout_ms"), it.write_timeout, 10ms, 10min);
    keys.duration(at_reload("keep_alive_timeout_ms"), it.keep_alive_timeout, 10ms, 1h);
    keys.duration(at_reload("max_queue_time_ms"), it.max_queue_time, 0ms, 10s);
    keys.duration(at_reload("max_refusal_delay_ms"), it.max_refusal_delay, 0ms, 10s);
    keys.duration(at_reload("drain_delay_ms"), it.drain_delay, 0ms, 10min);
    keys.duration(at_reload("drain_timeout_ms"), it.drain_timeout, 0ms, 1h);
}

template <class Keys>
void list_keys(Keys& keys, wechat_settings& it) {
    using namespace std::chrono_literals;
    keys.text(at_restart("base_url"), it.base_url, &check_https_origin);
    keys.path(at_restart("ca_file"), it.ca_file);
    keys.list(at_restart("dns_servers"), it.dns_servers, &check_tcp_address);
    keys.number(at_reload("max_connections"), it.max_connections, 1, 65536);
    keys.number(at_reload("max_waiting"), it.max_waiting, 0, 1'000'000);
    keys.duration(at_reload("timeout_ms"), it.timeout, 10ms, 1min);
    keys.duration(at_reload("connect_timeout_ms"), it.connect_timeout, 10ms, 1min);
    keys.duration(at_reload("tls_timeout_ms"), it.tls_timeout, 10ms, 1min);
    keys.duration(at_reload("first_byte_timeout_ms"), it.first_byte_timeout, 10ms, 1min);
    keys.duration(at_reload("idle_timeout_ms"), it.idle_timeout, 100ms, 1h);
    keys.duration(at_restart("resolve_interval_ms"), it.resolve_interval, 100ms, 24h);
    keys.number(at_reload("breaker_failures"), it.breaker_failures, 1, 1'000'000);
    keys.duration(at_reload("breaker_pause_ms"), it.breaker_pause, 10ms, 10min);
    keys.number(at_restart("spent_codes"), it.spent_codes, 1, 100'000'000);
    keys.duration(at_reload("replay_window_ms"), it.replay_window, 0ms, 5min);
    keys.flag(at_reload("send_traceparent"), it.send_traceparent);
    keys.duration(at_restart("open_data_max_age_s"), it.open_data_max_age, 0s, 365 * 24h);
}

template <class Keys>
void list_keys(Keys& keys, app_settings& it) {
    keys.text(at_reload("appid"), it.appid, &check_appid);
    keys.app_secret(at_reload("secret"), it.secret_file, it.secret);
    keys.app_secret(at_reload("next_secret"), it.next_secret_file, it.next_secret);
    keys.flag(at_reload("default"), it.is_default);
    keys.flag(at_reload("expose_openid"), it.expose_openid);
    keys.flag(at_reload("expose_unionid"), it.expose_unionid);
    keys.choice(
        at_reload("nickname_check"), it.nickname_check,
        {{"off", nickname_policy::off},
         {"refuse", nickname_policy::refuse},
         {"review", nickname_policy::review}});
    keys.number(at_reload("sessions_per_user"), it.sessions_per_user, 0, 1000);
    keys.number(at_reload("logins_per_app"), it.logins_per_app, -1, 1'000'000);
    keys.number(at_reload("phone_daily_budget"), it.phone_daily_budget, 0, 100'000'000);
    api_key_settings& api = it.api_keys;
    keys.secret_file(at_reload("api_key_file"), api.key_file, api.key);
    keys.text(at_reload("api_key_number"), api.key_number, &check_api_key_number);
    keys.secret_file(at_reload("api_private_key_file"), api.private_key_file, api.private_key);
    keys.text(at_reload("api_private_key_number"), api.private_key_number, &check_api_key_number);
    keys.open_file(at_reload("api_certificate_file"), api.certificate_file, api.certificate);
    keys.text(at_reload("api_certificate_number"), api.certificate_number, &check_api_key_number);
}

template <class Keys>
void list_keys(Keys& keys, service_key_settings& it) {
    keys.text(at_reload("name"), it.name, &check_service_name);
    keys.text(at_reload("hash"), it.hash, &check_service_key_hash);
    keys.path(at_reload("hash_file"), it.hash_file);
    keys.list(at_reload("scopes"), it.scopes, &check_service_scope);
}

template <class Keys>
void list_keys(Keys& keys, storage_settings& it) {
    keys.text(at_restart("url"), it.url, &check_storage_url);
    keys.number(at_restart("max_batch_rows"), it.max_batch_rows, 1, 65536);
    keys.number(at_restart("max_queued_rows"), it.max_queued_rows, 1, 10'000'000);
    keys.number(at_restart("checkpoint_pages"), it.checkpoint_pages, 1, 1'000'000);
    keys.number(at_restart("cache_bytes"), it.cache_bytes, std::size_t{256} << 10, std::size_t{1} << 40);
}

template <class Keys>
void list_keys(Keys& keys, token_settings& it) {
    using namespace std::chrono_literals;
    keys.path(at_restart("keys_file"), it.keys_file);
    keys.text(at_restart("issuer"), it.issuer, &check_issuer);
    keys.duration(at_reload("access_ttl_s"), it.access_ttl, 1s, 365 * 24h);
    keys.duration(at_reload("refresh_ttl_s"), it.refresh_ttl, 1s, 10 * 365 * 24h);
    keys.duration(at_reload("session_ttl_s"), it.session_ttl, 1s, 10 * 365 * 24h);
    keys.duration(at_reload("refresh_grace_s"), it.refresh_grace, 0s, 5min);
    keys.number(at_restart("max_revocations"), it.max_revocations, 64, 100'000'000);
}

template <class Keys>
void list_keys(Keys& keys, audit_settings& it) {
    using std::chrono::days;
    keys.duration(at_reload("retention_days"), it.retention, days{0}, days{36500});
}

template <class Keys>
void list_keys(Keys& keys, avatar_settings& it) {
    keys.text(at_restart("base_url"), it.base_url, &check_public_url);
    keys.number(at_restart("max_bytes"), it.max_bytes, 1024, 16 * 1024 * 1024);
    keys.number(at_restart("max_side"), it.max_side, 16, 65535);
    keys.number(at_restart("memory_bytes"), it.memory_bytes, 1024 * 1024, 1LL << 40);
    keys.number(at_restart("min_free_bytes"), it.min_free_bytes, 0, 1LL << 50);
}

template <class Keys>
void list_keys(Keys& keys, limits_settings& it) {
    keys.number(at_reload("logins_per_address"), it.logins_per_address, 0, 1'000'000);
    keys.number(at_reload("requests_per_user"), it.requests_per_user, 0, 1'000'000);
    keys.number(at_reload("logins_per_app"), it.logins_per_app, 0, 1'000'000);
    keys.number(at_restart("tracked_addresses"), it.tracked_addresses, 1024, 1'000'000'000);
    keys.number(at_restart("tracked_users"), it.tracked_users, 1024, 1'000'000'000);
}

template <class Keys>
void list_keys(Keys& keys, log_settings& it) {
    keys.choice(
        at_reload("level"), it.level,
        {{"debug", log_level::debug},
         {"info", log_level::info},
         {"warning", log_level::warning},
         {"error", log_level::error}});
    keys.choice(
        at_reload("format"), it.format,
        {{"auto", log_format::automatic},
         {"text", log_format::text},
         {"logfmt", log_format::logfmt},
         {"json", log_format::json},
         {"journal", log_format::journal}});
    keys.choice(
        at_reload("requests"), it.requests,
        {{"all", request_lines::all}, {"failed", request_lines::failed}, {"none", request_lines::none}});
    keys.duration(
        at_reload("slow_request_ms"), it.slow_request, std::chrono::milliseconds{0}, std::chrono::hours{1});
    keys.number(at_restart("buffer_bytes"), it.buffer_bytes, 64 * 1024, 1024 * 1024 * 1024);
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
    visit("avatars", it.avatars);
    visit("log", it.log);
}

} // namespace wxlogind

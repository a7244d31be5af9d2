// What a SIGHUP takes in, part by part.
#include "core/base/config_changes.hpp"
#include "core/base/log.hpp"
#include "core/server/server_parts.hpp"
#include "core/session/keyring_file.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace wxlogind {

namespace {

void log_changes(const std::vector<config_change>& changes) {
    std::size_t kept = 0;
    for (const config_change& each : changes) {
        if (each.when == taken_in::at_reload) {
            log_info("SIGHUP: changed", {{"key", each.key}, {"was", each.was}, {"is", each.is}});
            continue;
        }
        ++kept;
        log_warning(
            "SIGHUP: the old value is kept: restart to change it",
            {{"key", each.key}, {"counts", each.was}, {"in_file", each.is}});
    }
    log_info(
        "SIGHUP: reloaded", {{"changed", std::to_string(changes.size() - kept), true},
                             {"need_restart", std::to_string(kept), true}});
}

void log_certificate(const std::string& file, const net::tls_server_context& now) {
    if (now.has_expired())
        log_warning(
            "the TLS certificate has expired: clients refuse it",
            {{"file", file}, {"good_until", now.good_until()}});
    else
        log_info("TLS certificate", {{"file", file}, {"good_until", now.good_until()}});
}

} // namespace

reload_list::change server::parts::read_certificate(const server_settings& from) {
    std::shared_ptr<const net::tls_server_context> next; // nothing: new connections are plain
    if (!from.tls_certificate_file.empty())
        next = std::make_shared<const net::tls_server_context>(
            from.tls_certificate_file, from.tls_key_file, certificate.get());
    return [this, next = std::move(next), file = from.tls_certificate_file] {
        if (certificate == nullptr && next == nullptr) return;
        const bool is_new = next && !(certificate && next->has_same_certificate(*certificate));
        if (is_new) log_certificate(file, *next);
        certificate = next;
        certificate_end.note(next.get());
        http.use_certificate(0, next);
    };
}

reload_list::change server::parts::read_connection_rules(const config& next) {
    return [this, rules = net::http_server::read_change(next.server)] { http.use(rules); };
}

reload_list::change server::parts::read_keys(const std::string& file) {
    auto next = session::load_keyring(file);
    session::check_succession(*keys.held(), *next, file, reseal.unneeded_keys());
    return [this, next = std::move(next)] { exchange_keys(next); };
}

void server::parts::exchange_keys(std::shared_ptr<const session::keyring> next) {
    log_info(
        "keys", {{"signs", next->active().kid}, {"verify", std::to_string(next->verifiers().size()), true}});
    const bool signs_another = next->active().kid != keys.held()->active().kid;
    storage::audit_entry entry{.event = storage::audit_event::keys_changed, .detail = next->active().kid};
    if (signs_another)
        note_in_audit_log(house_reactor(), store->audit(), std::move(entry), services.clock.now());
    const bool are_same_sealing_keys = next->sealer().key_ids() == keys.held()->sealer().key_ids();
    reactors.outlive_requests(keys.replace(std::move(next)));
    reseal.keys_were_exchanged();
    if (!are_same_sealing_keys) look_for_sealing_keys();
}

reload_list::change server::parts::read_apps(const config& next) {
    auto list = std::make_shared<const handlers::app_list>(next.apps, apps.held().get());
    return [this, list = std::move(list)] { reactors.outlive_requests(apps.replace(list)); };
}

reload_list::change server::parts::read_service_keys(const config& next) {
    auto list = std::make_shared<const handlers::service_key_list>(
        next.service_keys, handlers::wants_service_keys(next.server));
    return [this, list = std::move(list)] { reactors.outlive_requests(service_keys.replace(list)); };
}

// What no file has to be read for.
reload_list::change server::parts::read_numbers(const config& next) {
    return [this, next] {
        // Before the first longer token is issued.
        revoked.lengthen_token_life(next.tokens.access_ttl);
        reactors.outlive_requests(lifetimes.replace(lifetimes_of(next.tokens)));
        limits.change(next.limits);
        flights.set_replay_window(next.wechat.replay_window);
        phone_flights.set_replay_window(next.wechat.replay_window);
        access_tokens.set_patience(next.wechat.timeout);
        audit_retention = next.audit.retention;
        settings = next;
        tell_wechat_clients();
        tell_admissions();
        set_log_level(next.log.level);
        set_log_format(next.log.format);
        set_slow_request(next.log.slow_request);
        set_request_lines(next.log.requests);
    };
}

void server::parts::tell_wechat_clients() {
    for (std::size_t index = 0; index < wechat_clients.size(); ++index)
        asio::post(
            reactors[index].get_executor(),
            [this, client = wechat_clients[index].get(), next = settings.wechat] {
                client->use(next, [this](std::string_view appid) { return apps.find(appid) != nullptr; });
            });
}

void server::parts::tell_admissions() {
    for (std::size_t index = 0; index < admission_owners.size(); ++index)
        asio::post(
            reactors[index].get_executor(), [of = admission_owners[index], queueing = queueing(),
                                             refusing = refusing()] { of->use(queueing, refusing); });
}

void server::parts::list_reloads() {
    reloads.add("connections", [this](const config& next) { return read_connection_rules(next); });
    reloads.add("certificate", [this](const config& next) { return read_certificate(next.server); });
    reloads.add("keys", [this](const config& next) { return read_keys(next.tokens.keys_file); });
    reloads.add("apps", [this](const config& next) { return read_apps(next); });
    reloads.add("service_keys", [this](const config& next) { return read_service_keys(next); });
    reloads.add("settings", [this](const config& next) { return read_numbers(next); });
}

bool server::parts::reload() {
    config next;
    std::vector<config_change> changes;
    try {
        next = settings.file.empty() ? settings : load_config(settings.file);
        changes = take_changes(settings, next);
    } catch (const std::exception& why) {
        log_refused_reload("configuration", why);
        return false;
    }
    if (!reloads.reload(next)) return false;
    log_changes(changes);
    return true;
}

} // namespace wxlogind

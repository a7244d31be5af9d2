#include "core/base/config.hpp"

#include "core/base/api_keys_check.hpp"
#include "core/base/config_keys.hpp"
#include "core/base/config_section.hpp"

#include <fstream>
#include <set>

namespace wxlogind {

namespace {

// The line of a key, or of its section, or the first: where a reader would look for it.
toml::source_index line_of(const config_document& in, std::string_view section, std::string_view key) {
    const toml::node* const table = in.root.get(section);
    if (table == nullptr) return 1;
    const toml::node* const node = table->is_table() ? table->as_table()->get(key) : nullptr;
    return (node != nullptr ? node : table)->source().begin.line;
}

void refuse_key(
    const config_document& in, std::string_view section, std::string_view key, const std::string& what) {
    refuse(in, line_of(in, section, key), std::string{section} + "." + std::string{key} + ": " + what);
}

template <class Settings>
void read_section(const config_document& in, std::string_view name, Settings& into) {
    const toml::table nothing;
    const toml::node* const node = in.root.get(name);
    if (node != nullptr && !node->is_table())
        refuse(in, node->source().begin.line, std::string{name} + ": a [section] is wanted here");
    section_reader reader{in, node != nullptr ? *node->as_table() : nothing, std::string{name}};
    list_keys(reader, into);
    reader.refuse_unknown_keys();
}

std::vector<app_settings> read_apps(const config_document& in) {
    const toml::node* const node = in.root.get("apps");
    const toml::array* const array = node != nullptr ? node->as_array() : nullptr;
    if (node != nullptr && (array == nullptr || !array->is_homogeneous<toml::table>()))
        refuse(in, node->source().begin.line, "apps: [[apps]] sections are wanted here");
    if (array == nullptr)
        refuse(in, 1, "apps: there is none (at least one [[apps]] section with appid and secret_file)");

    std::vector<app_settings> apps;
    std::set<std::string> seen;
    bool has_default = false;
    for (const toml::node& each : *array) {
        const auto line = each.source().begin.line;
        section_reader reader{in, *each.as_table(), "apps"};
        app_settings& app = apps.emplace_back();
        list_keys(reader, app);
        reader.refuse_unknown_keys();
        if (app.appid.empty()) refuse(in, line, "apps.appid: is missing");
        if (app.secret.empty()) refuse(in, line, "apps.secret_file: is missing");
        if (!seen.insert(app.appid).second)
            refuse(in, line, "apps.appid: " + in_quotes(app.appid) + " stands here twice");
        if (const auto wrong = check_api_keys(app.api_keys))
            refuse(in, line, "apps." + std::string{wrong->key} + ": " + wrong->what);
        if (app.is_default && has_default) refuse(in, line, "apps.default: only one app can be the default");
        has_default |= app.is_default;
    }
    return apps;
}

// What the file of a hash holds: one line, and no secret.
std::string read_hash(const config_document& in, toml::source_index line, const std::string& path) {
    std::ifstream file{path};
    std::string hash;
    if (!(file >> hash)) refuse(in, line, "service_keys.hash_file: cannot read a hash from " + path);
    if (const std::string_view allowed = check_service_key_hash(hash); !allowed.empty())
        refuse(
            in, line,
            "service_keys.hash_file: the content of " + path + " is not allowed (" + std::string{allowed} +
                ")");
    return hash;
}

std::vector<service_key_settings> read_service_keys(const config_document& in) {
    const toml::node* const node = in.root.get("service_keys");
    if (node == nullptr) return {};
    const toml::array* const array = node->as_array();
    if (array == nullptr || !array->is_homogeneous<toml::table>())
        refuse(in, node->source().begin.line, "service_keys: [[service_keys]] sections are wanted here");

    std::vector<service_key_settings> keys;
    std::set<std::string> names;
    std::set<std::string> hashes;
    for (const toml::node& each : *array) {
        const auto line = each.source().begin.line;
        section_reader reader{in, *each.as_table(), "service_keys"};
        service_key_settings& key = keys.emplace_back();
        list_keys(reader, key);
        reader.refuse_unknown_keys();
        if (key.name.empty()) refuse(in, line, "service_keys.name: is missing");
        if (key.hash.empty() == key.hash_file.empty())
            refuse(in, line, "service_keys.hash: one of hash and hash_file is wanted");
        if (key.hash.empty()) key.hash = read_hash(in, line, key.hash_file);
        if (key.scopes.empty()) refuse(in, line, "service_keys.scopes: there is none (what the key may do)");
        if (!names.insert(key.name).second)
            refuse(in, line, "service_keys.name: " + in_quotes(key.name) + " stands here twice");
        if (!hashes.insert(key.hash).second)
            refuse(in, line, "service_keys.hash: another service has this key (one each)");
    }
    return keys;
}

void refuse_unknown_sections(const config_document& in, config& it) {
    std::set<std::string_view> known{"apps", "service_keys"};
    std::string names{"[[apps]], [[service_keys]]"};
    list_sections(it, [&](std::string_view name, const auto&) {
        known.insert(name);
        names.append(", [").append(name).append("]");
    });
    for (const auto& [key, node] : in.root) {
        if (!known.contains(key.str()))
            refuse(
                in, node.source().begin.line,
                std::string{key.str()} + ": unknown section or key (known: " + names + ")");
    }
}

// What no key can know alone.
void check_relations(const config_document& in, const config& it) {
    const wechat_settings& wechat = it.wechat;
    const auto within_timeout = [&](std::string_view key, milliseconds part) {
        if (part > wechat.timeout)
            refuse_key(
                in, "wechat", key,
                std::to_string(part.count()) + " is longer than the whole exchange may take (timeout_ms = " +
                    std::to_string(wechat.timeout.count()) + ")");
    };
    within_timeout("connect_timeout_ms", wechat.connect_timeout);
    within_timeout("tls_timeout_ms", wechat.tls_timeout);
    within_timeout("first_byte_timeout_ms", wechat.first_byte_timeout);
    if (!wechat.ca_file.empty() && !std::ifstream{wechat.ca_file})
        refuse_key(in, "wechat", "ca_file", "cannot read " + wechat.ca_file);

    if (it.server.listen == it.server.internal_listen && !it.server.listen.ends_with(":0"))
        refuse_key(in, "server", "internal_listen", "is the same as listen (an address of its own)");
    if ((it.server.proxy_protocol || it.server.internal_proxy_protocol) && it.server.trusted_proxies.empty())
        refuse_key(
            in, "server", it.server.proxy_protocol ? "proxy_protocol" : "internal_proxy_protocol",
            "the PROXY header counts from trusted_proxies only, and there are none");
    if (it.server.tls_certificate_file.empty() != it.server.tls_key_file.empty())
        refuse_key(
            in, "server", it.server.tls_key_file.empty() ? "tls_certificate_file" : "tls_key_file",
            "needs the other one of tls_certificate_file and tls_key_file");
    if (it.storage.max_batch_rows > it.storage.max_queued_rows)
        refuse_key(in, "storage", "max_batch_rows", "is more than may wait (max_queued_rows)");
    if (it.tokens.keys_file.empty())
        refuse_key(in, "tokens", "keys_file", "is empty (the path of a file that wxlogind may make)");
    if (it.tokens.access_ttl > it.tokens.refresh_ttl)
        refuse_key(in, "tokens", "access_ttl_s", "is longer than the session lives (refresh_ttl_s)");
    if (it.tokens.refresh_ttl > it.tokens.session_ttl)
        refuse_key(in, "tokens", "refresh_ttl_s", "is longer than any session lives (session_ttl_s)");
}

} // namespace

config load_config(const std::string& path) {
    const config_document in = parse_config_document(path);
    config it;
    it.file = path;
    refuse_unknown_sections(in, it);
    list_sections(it, [&in](std::string_view name, auto& section) { read_section(in, name, section); });
    it.apps = read_apps(in);
    it.service_keys = read_service_keys(in);
    check_relations(in, it);

    constexpr std::string_view scheme = "sqlite:";
    it.storage.url = std::string{scheme} + resolved(in, it.storage.url.substr(scheme.size()));
    return it;
}

} // namespace wxlogind

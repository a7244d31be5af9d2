#include "core/base/config.hpp"

#include "core/base/config_keys.hpp"
#include "core/base/secret_file.hpp"

#include <sys/stat.h>
#include <toml++/toml.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace wxlogind {

namespace {

struct document {
    std::string path;
    std::filesystem::path directory;
    bool is_private{false}; // only the owner may read it
    toml::table root;
};

[[noreturn]] void refuse(const document& in, toml::source_index line, const std::string& what) {
    throw config_error{in.path + ":" + std::to_string(line) + ": " + what};
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 80;
    return "\"" + std::string{text.substr(0, most)} + (text.size() > most ? "...\"" : "\"");
}

bool looks_like_app_secret(std::string_view text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// Relative paths count from the directory of the configuration.
std::string resolved(const document& in, const std::string& path) {
    return path.empty() ? path : (in.directory / path).string();
}

std::string resolved_secret(const document& in, const std::string& path) {
    if (const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY"); // NOLINT(concurrency-mt-unsafe)
        credentials != nullptr && std::filesystem::path{path}.is_relative()) {
        const auto candidate = std::filesystem::path{credentials} / path;
        std::error_code ignored;
        if (std::filesystem::exists(candidate, ignored)) return candidate.string();
    }
    return resolved(in, path);
}

// Fills the fields of one section from its table, as list_keys asks for them.
class section_reader {
public:
    section_reader(const document& in, const toml::table& table, std::string name)
        : in_{in}, table_{table}, name_{std::move(name)} {}

    void text(std::string_view key, std::string& into, text_check check) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        into = checked_text(key, *node, check);
    }

    void path(std::string_view key, std::string& into) {
        if (const toml::node* const node = find(key)) {
            into = text_of(key, *node);
            if (into.find('\0') != std::string::npos) refuse_value(key, *node, "a file name holds no NUL");
        }
        into = resolved(in_, into);
    }

    void list(std::string_view key, std::vector<std::string>& into, text_check check) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        const toml::array* const array = node->as_array();
        if (array == nullptr) refuse_value(key, *node, "a list of strings is wanted here");
        into.clear();
        for (const toml::node& element : *array) into.push_back(checked_text(key, element, check));
    }

    void flag(std::string_view key, bool& into) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        const auto value = node->as_boolean();
        if (value == nullptr) refuse_value(key, *node, "true or false is wanted here");
        into = value->get();
    }

    template <class Integer>
    void number(std::string_view key, Integer& into, std::int64_t least, std::int64_t most) {
        if (const auto value = integer(key, least, most)) into = static_cast<Integer>(*value);
    }

    template <class Duration>
    void duration(
        std::string_view key, Duration& into, std::type_identity_t<Duration> least,
        std::type_identity_t<Duration> most) {
        if (const auto value = integer(key, least.count(), most.count())) into = Duration{*value};
    }

    template <class Enum>
    void choice(
        std::string_view key, Enum& into,
        std::initializer_list<std::pair<std::string_view, std::type_identity_t<Enum>>> choices) {
        const toml::node* const node = find(key);
        if (node == nullptr) return;
        const std::string text = text_of(key, *node);
        std::string allowed;
        for (const auto& [name, value] : choices) {
            if (text == name) {
                into = value;
                return;
            }
            allowed += allowed.empty() ? in_quotes(name) : ", " + in_quotes(name);
        }
        refuse_value(key, *node, in_quotes(text) + " is not one of its values (" + allowed + ")");
    }

    void app_secret(app_settings& into) {
        const toml::node* const literal = find("secret");
        const toml::node* const file = find("secret_file");
        if (literal != nullptr && file != nullptr)
            refuse_value("secret", *literal, "there is a secret_file as well (one of the two)");
        if (literal != nullptr) {
            into.secret = secret{text_of("secret", *literal)};
            if (!in_.is_private)
                refuse_value(
                    "secret", *literal,
                    "this file can be read by others than its owner (chmod 0600, or use secret_file)");
            check_secret("secret", *literal, into.secret, "the value");
            return;
        }
        if (file == nullptr) refuse(in_, table_.source().begin.line, name_ + ".secret_file: is missing");
        const std::string name = text_of("secret_file", *file);
        if (looks_like_app_secret(name)) // and must not appear in the message that it cannot be read
            refuse_value("secret_file", *file, "this looks like the secret itself (the name of its file)");
        into.secret_file = resolved_secret(in_, name);
        try {
            into.secret = read_secret_file(into.secret_file);
        } catch (const secret_file_error& why) {
            refuse_value("secret_file", *file, why.what());
        }
        check_secret("secret_file", *file, into.secret, "the content of " + into.secret_file);
    }

    // To be called after the last key: whatever else stands there is a slip.
    void refuse_unknown_keys() const {
        for (const auto& [key, node] : table_) {
            if (known_.contains(key.str())) continue;
            std::string names;
            for (const std::string_view name : known_) names.append(names.empty() ? "" : ", ").append(name);
            refuse_value(key.str(), node, "unknown key (known here: " + names + ")");
        }
    }

private:
    const toml::node* find(std::string_view key) {
        known_.insert(key);
        return table_.get(key);
    }

    [[noreturn]] void
    refuse_value(std::string_view key, const toml::node& node, const std::string& what) const {
        refuse(in_, node.source().begin.line, name_ + "." + std::string{key} + ": " + what);
    }

    std::string text_of(std::string_view key, const toml::node& node) const {
        const auto* const value = node.as_string();
        if (value == nullptr) refuse_value(key, node, "a string is wanted here");
        return value->get();
    }

    std::string checked_text(std::string_view key, const toml::node& node, text_check check) const {
        std::string text = text_of(key, node);
        if (const std::string_view allowed = check(text); !allowed.empty())
            refuse_value(key, node, in_quotes(text) + " is not allowed (" + std::string{allowed} + ")");
        return text;
    }

    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most) {
        const toml::node* const node = find(key);
        if (node == nullptr) return std::nullopt;
        const auto* const value = node->as_integer();
        if (value == nullptr) refuse_value(key, *node, "an integer is wanted here");
        if (value->get() < least || value->get() > most)
            refuse_value(
                key, *node,
                std::to_string(value->get()) + " is out of range (" + std::to_string(least) + " to " +
                    std::to_string(most) + ")");
        return value->get();
    }

    // Says nothing of what stands there.
    void check_secret(
        std::string_view key, const toml::node& node, const secret& value, const std::string& which) const {
        if (const std::string_view allowed = check_app_secret(value.reveal()); !allowed.empty())
            refuse_value(key, node, which + " is not an AppSecret (" + std::string{allowed} + ")");
    }

    const document& in_;
    const toml::table& table_;
    const std::string name_;
    std::set<std::string_view> known_;
};

// The line of a key, or of its section, or the first: where a reader would look for it.
toml::source_index line_of(const document& in, std::string_view section, std::string_view key) {
    const toml::node* const table = in.root.get(section);
    if (table == nullptr) return 1;
    const toml::node* const node = table->is_table() ? table->as_table()->get(key) : nullptr;
    return (node != nullptr ? node : table)->source().begin.line;
}

void refuse_key(const document& in, std::string_view section, std::string_view key, const std::string& what) {
    refuse(in, line_of(in, section, key), std::string{section} + "." + std::string{key} + ": " + what);
}

template <class Settings>
void read_section(const document& in, std::string_view name, Settings& into) {
    const toml::table nothing;
    const toml::node* const node = in.root.get(name);
    if (node != nullptr && !node->is_table())
        refuse(in, node->source().begin.line, std::string{name} + ": a [section] is wanted here");
    section_reader reader{in, node != nullptr ? *node->as_table() : nothing, std::string{name}};
    list_keys(reader, into);
    reader.refuse_unknown_keys();
}

std::vector<app_settings> read_apps(const document& in) {
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
        if (!seen.insert(app.appid).second)
            refuse(in, line, "apps.appid: " + in_quotes(app.appid) + " stands here twice");
        if (app.is_default && has_default) refuse(in, line, "apps.default: only one app can be the default");
        has_default |= app.is_default;
    }
    return apps;
}

// What the file of a hash holds: one line, and no secret.
std::string read_hash(const document& in, toml::source_index line, const std::string& path) {
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

std::vector<service_key_settings> read_service_keys(const document& in) {
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

void refuse_unknown_sections(const document& in, config& it) {
    std::set<std::string_view> known{"apps", "service_keys"};
    list_sections(it, [&known](std::string_view name, const auto&) { known.insert(name); });
    for (const auto& [key, node] : in.root) {
        if (!known.contains(key.str()))
            refuse(
                in, node.source().begin.line,
                std::string{key.str()} + ": unknown section or key (known: [server], [wechat], [[apps]], "
                                         "[[service_keys]], [storage], [tokens], [limits], [log])");
    }
}

// What no key can know alone.
void check_relations(const document& in, const config& it) {
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

document parse_document(const std::string& path) {
    document in{.path = path, .directory = std::filesystem::absolute(path).parent_path(), .root = {}};
    std::ifstream file{path};
    std::ostringstream content;
    struct stat about{};
    if (!file || ::stat(path.c_str(), &about) != 0) throw config_error{path + ": cannot read this file"};
    if (!S_ISREG(about.st_mode)) throw config_error{path + ": this is not a file"};
    in.is_private = (about.st_mode & (S_IRGRP | S_IROTH)) == 0;
    content << file.rdbuf();
    try {
        in.root = toml::parse(content.view(), path);
    } catch (const toml::parse_error& why) {
        refuse(in, why.source().begin.line, "not TOML: " + std::string{why.description()});
    }
    return in;
}

} // namespace

config load_config(const std::string& path) {
    const document in = parse_document(path);
    config it;
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

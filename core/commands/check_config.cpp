#include "core/commands/check_config.hpp"

#include "core/base/config_changes.hpp"
#include "core/net/tls_server_context.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace wxlogind {

namespace {

namespace json = boost::json;

// The keys of one section as JSON, as list_keys names them.
class section_writer {
public:
    void text(std::string_view key, const std::string& value, text_check) { keys_[key] = value; }
    void path(std::string_view key, const std::string& value) { keys_[key] = value; }
    void list(std::string_view key, const std::vector<std::string>& value, text_check) {
        keys_[key] = json::array(value.begin(), value.end());
    }
    void flag(std::string_view key, bool value) { keys_[key] = value; }
    template <class Integer>
    void number(std::string_view key, Integer value, std::int64_t, std::int64_t) {
        keys_[key] = static_cast<std::int64_t>(value);
    }
    template <class Duration>
    void duration(
        std::string_view key, Duration value, std::type_identity_t<Duration>,
        std::type_identity_t<Duration>) {
        keys_[key] = static_cast<std::int64_t>(value.count());
    }
    template <class Enum>
    void choice(
        std::string_view key, Enum value,
        std::initializer_list<std::pair<std::string_view, std::type_identity_t<Enum>>> choices) {
        for (const auto& [name, meaning] : choices)
            if (meaning == value) keys_[key] = name;
    }
    void app_secret(std::string_view key, const std::string& file, const secret&) {
        keys_[std::string{key} + "_file"] = file;
    }

    void secret_file(std::string_view key, const std::string& file, const secret&) { keys_[key] = file; }
    void open_file(std::string_view key, const std::string& file, const std::string&) { keys_[key] = file; }

    [[nodiscard]] json::object take() { return std::move(keys_); }

private:
    json::object keys_;
};

template <class Settings>
json::object keys_of(Settings& settings) {
    section_writer writer;
    list_keys(writer, settings);
    return writer.take();
}

json::object settings_of(config& it) {
    json::object all;
    list_sections(it, [&all](std::string_view name, auto& section) { all[name] = keys_of(section); });
    json::array apps;
    for (app_settings& app : it.apps) apps.push_back(keys_of(app));
    all["apps"] = std::move(apps);
    json::array services;
    for (service_key_settings& key : it.service_keys) services.push_back(keys_of(key));
    all["service_keys"] = std::move(services);
    return all;
}

// As the public listener would show it.
void check_certificate(const server_settings& server) {
    if (server.tls_certificate_file.empty()) return;
    try {
        const net::tls_server_context attempt{server.tls_certificate_file, server.tls_key_file};
    } catch (const std::runtime_error& why) {
        throw config_error{why.what()};
    }
}

std::string summary_of(const config& it) {
    std::string apps;
    for (const app_settings& app : it.apps) apps += (apps.empty() ? "" : ", ") + app.appid;
    return "ok: listens on " + it.server.listen + " and " + it.server.internal_listen + ", WeChat is " +
           it.wechat.base_url + ", storage is " + it.storage.url + ", apps: " + apps + "\n";
}

} // namespace

config_report check_config(const std::string& file, bool as_json) {
    try {
        config it = load_config(file);
        check_certificate(it.server);
        if (!as_json) return {.text = summary_of(it), .is_good = true};
        json::object report{{"ok", true}};
        report["settings"] = settings_of(it);
        const auto names = keys_taken_in_at_restart();
        report["restart_keys"] = json::array(names.begin(), names.end());
        return {.text = json::serialize(report) + "\n", .is_good = true};
    } catch (const config_error& why) {
        if (!as_json) return {.text = std::string{why.what()} + "\n", .is_good = false};
        return {.text = json::serialize(json::object{{"ok", false}, {"error", why.what()}}) + "\n"};
    }
}

} // namespace wxlogind

#include "core/base/config_changes.hpp"

#include <algorithm>
#include <any>

namespace wxlogind {

namespace {

std::string text_of(const std::string& value) {
    return value;
}
std::string text_of(bool value) {
    return value ? "true" : "false";
}
std::string text_of(const std::vector<std::string>& values) {
    std::string text;
    for (const std::string& each : values) text += (text.empty() ? "" : ", ") + each;
    return text;
}

template <class Value>
bool is_same(const Value& one, const Value& other) {
    return one == other;
}
bool is_same(const secret& one, const secret& other) {
    return one.reveal() == other.reveal();
}

// Walks through one section twice: first over what counts, then over what was read.
class comparison {
public:
    comparison(std::string section, std::vector<config_change>& changes)
        : section_{std::move(section)}, changes_{changes} {}

    // From here on the values are new.
    void look_at_next() { is_comparing_ = true; }

    void text(config_key key, std::string& value, text_check) { look_at(key, value); }
    void path(config_key key, std::string& value) { look_at(key, value); }
    void list(config_key key, std::vector<std::string>& value, text_check) { look_at(key, value); }
    void flag(config_key key, bool& value) { look_at(key, value); }
    template <class Integer>
    void number(config_key key, Integer& value, std::int64_t, std::int64_t) {
        look_at(key, value, [](Integer of) { return std::to_string(of); });
    }
    template <class Duration>
    void duration(
        config_key key, Duration& value, std::type_identity_t<Duration>, std::type_identity_t<Duration>) {
        look_at(key, value, [](Duration of) { return std::to_string(of.count()); });
    }
    template <class Enum>
    void choice(
        config_key key, Enum& value,
        std::initializer_list<std::pair<std::string_view, std::type_identity_t<Enum>>> choices) {
        look_at(key, value, [choices](Enum of) {
            const auto place = std::find_if(
                choices.begin(), choices.end(), [of](const auto& it) { return it.second == of; });
            return std::string{place->first};
        });
    }
    void app_secret(config_key key, std::string& file, secret& value) {
        look_at({std::string{key.name} + "_file", key.when}, file);
        look_at(key, value, [](const secret&) { return std::string{}; });
    }
    // Files are known by their names; what is in them may change without that.
    void secret_file(config_key key, std::string& file, secret& content) {
        look_at(key, file);
        look_at({std::string{key.name} + " (content)", key.when}, content, [](const secret&) {
            return std::string{};
        });
    }
    void open_file(config_key key, std::string& file, std::string& content) {
        look_at(key, file);
        look_at({std::string{key.name} + " (content)", key.when}, content, [](const std::string&) {
            return std::string{};
        });
    }

private:
    struct name {
        std::string text;
        taken_in when;
        name(std::string of, taken_in counts) : text{std::move(of)}, when{counts} {}
        name(config_key key) : text{key.name}, when{key.when} {} // NOLINT(google-explicit-constructor)
    };

    template <class Value>
    void look_at(const name& key, Value& value) {
        look_at(key, value, [](const Value& of) { return text_of(of); });
    }

    template <class Value, class ToText>
    void look_at(const name& key, Value& value, ToText to_text) {
        if (!is_comparing_) {
            before_.emplace_back(value);
            return;
        }
        const auto& before = std::any_cast<const Value&>(before_.at(next_++));
        if (is_same(before, value)) return;
        changes_.push_back({section_ + "." + key.text, key.when, to_text(before), to_text(value)});
        if (key.when == taken_in::at_restart) value = before;
    }

    std::string section_;
    std::vector<config_change>& changes_;
    std::vector<std::any> before_;
    std::size_t next_{0};
    bool is_comparing_{false};
};

template <class Settings>
void compare(
    const std::string& section, Settings before, Settings& next, std::vector<config_change>& changes) {
    comparison of{section, changes};
    list_keys(of, before);
    of.look_at_next();
    list_keys(of, next);
}

const std::string& identity_of(const app_settings& app) {
    return app.appid;
}
const std::string& identity_of(const service_key_settings& key) {
    return key.name;
}

template <class Settings>
const Settings* find(const std::vector<Settings>& in, const std::string& identity) {
    for (const Settings& each : in)
        if (identity_of(each) == identity) return &each;
    return nullptr;
}

template <class Settings>
void compare_all(
    const std::string& section, const std::vector<Settings>& before, std::vector<Settings>& next,
    std::vector<config_change>& changes) {
    for (const Settings& each : before)
        if (find(next, identity_of(each)) == nullptr)
            changes.push_back({section + "." + identity_of(each), taken_in::at_reload, "there", "removed"});
    for (Settings& each : next) {
        const std::string name = section + "." + identity_of(each);
        if (const Settings* const known = find(before, identity_of(each)))
            compare(name, *known, each, changes);
        else
            changes.push_back({name, taken_in::at_reload, "not there", "added"});
    }
}

// Notes the keys that need a restart.
class restart_list {
public:
    restart_list(std::string section, std::vector<std::string>& names)
        : section_{std::move(section)}, names_{names} {}

    template <class... Rest>
    void text(config_key key, Rest&&...) {
        note(key);
    }
    template <class... Rest>
    void path(config_key key, Rest&&...) {
        note(key);
    }
    template <class... Rest>
    void list(config_key key, Rest&&...) {
        note(key);
    }
    template <class... Rest>
    void flag(config_key key, Rest&&...) {
        note(key);
    }
    template <class... Rest>
    void number(config_key key, Rest&&...) {
        note(key);
    }
    template <class Duration>
    void duration(config_key key, Duration&, std::type_identity_t<Duration>, std::type_identity_t<Duration>) {
        note(key);
    }
    template <class Enum>
    void choice(
        config_key key, Enum&,
        std::initializer_list<std::pair<std::string_view, std::type_identity_t<Enum>>>) {
        note(key);
    }
    template <class... Rest>
    void app_secret(config_key key, Rest&&...) {
        note(key);
    }
    template <class... Rest>
    void secret_file(config_key key, Rest&&...) {
        note(key);
    }
    template <class... Rest>
    void open_file(config_key key, Rest&&...) {
        note(key);
    }

private:
    void note(config_key key) {
        if (key.when == taken_in::at_restart) names_.push_back(section_ + "." + std::string{key.name});
    }

    std::string section_;
    std::vector<std::string>& names_;
};

} // namespace

std::vector<config_change> take_changes(const config& before, config& next) {
    std::vector<config_change> changes;
    std::vector<std::any> old_sections;
    list_sections(before, [&](std::string_view, const auto& section) { old_sections.emplace_back(section); });
    auto old = old_sections.begin();
    list_sections(next, [&](std::string_view name, auto& section) {
        using settings = std::remove_cvref_t<decltype(section)>;
        compare(std::string{name}, std::any_cast<const settings&>(*old++), section, changes);
    });
    compare_all("apps", before.apps, next.apps, changes);
    compare_all("service_keys", before.service_keys, next.service_keys, changes);
    return changes;
}

std::vector<std::string> keys_taken_in_at_restart() {
    std::vector<std::string> names;
    config defaults;
    const auto note = [&names](std::string_view section, auto& settings) {
        restart_list notes{std::string{section}, names};
        list_keys(notes, settings);
    };
    list_sections(defaults, note);
    app_settings app;
    note("apps", app);
    service_key_settings key;
    note("service_keys", key);
    return names;
}

} // namespace wxlogind

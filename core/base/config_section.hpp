// One file of configuration, and how the fields of a section are filled from it. For config.cpp alone.
#pragma once

#include "core/base/config.hpp"
#include "core/base/config_keys.hpp"

#include <toml++/toml.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind {

struct config_document {
    std::string path;
    std::filesystem::path directory;
    bool is_private{false}; // only the owner may read it
    toml::table root;
};

// Throws config_error: it cannot be read, or is no TOML.
[[nodiscard]] config_document parse_config_document(const std::string& path);

// Throws config_error, "file:line: what".
[[noreturn]] void refuse(const config_document& in, toml::source_index line, const std::string& what);

// Cut where it is long.
[[nodiscard]] std::string in_quotes(std::string_view text);

// Relative paths count from the directory of the configuration.
[[nodiscard]] std::string resolved(const config_document& in, const std::string& path);

// Fills the fields of one section from its table, as list_keys asks for them. Whatever is wrong is thrown as
// a config_error that names file, line and key.
class section_reader {
public:
    section_reader(const config_document& in, const toml::table& table, std::string name)
        : in_{in}, table_{table}, name_{std::move(name)} {}

    void text(std::string_view key, std::string& into, text_check check);
    void path(std::string_view key, std::string& into);
    void list(std::string_view key, std::vector<std::string>& into, text_check check);
    void flag(std::string_view key, bool& into);

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

    // The key as it is, or with "_file" behind it; neither leaves `value` empty.
    void app_secret(std::string_view key, std::string& file, secret& value);

    // A file that is none of everybody's business: see read_secret_file().
    void secret_file(std::string_view key, std::string& file, secret& content);
    // A file that anybody may read, at most 64 KiB.
    void open_file(std::string_view key, std::string& file, std::string& content);

    // To be called after the last key: whatever else stands there is a slip.
    void refuse_unknown_keys() const;

private:
    const toml::node* find(std::string_view key);
    [[noreturn]] void
    refuse_value(std::string_view key, const toml::node& node, const std::string& what) const;
    std::string text_of(std::string_view key, const toml::node& node) const;
    std::string checked_text(std::string_view key, const toml::node& node, text_check check) const;
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
    void check_secret(
        std::string_view key, const toml::node& node, const secret& value, const std::string& which) const;

    const config_document& in_;
    const toml::table& table_;
    const std::string name_;
    std::set<std::string, std::less<>> known_;
};

} // namespace wxlogind

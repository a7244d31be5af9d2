#include "core/base/config_section.hpp"

#include "core/base/secret_file.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace wxlogind {

namespace {

bool looks_like_app_secret(std::string_view text) {
    return text.size() == 32 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string resolved_secret(const config_document& in, const std::string& path) {
    if (const char* const credentials = std::getenv("CREDENTIALS_DIRECTORY"); // NOLINT(concurrency-mt-unsafe)
        credentials != nullptr && std::filesystem::path{path}.is_relative()) {
        const auto candidate = std::filesystem::path{credentials} / path;
        std::error_code ignored;
        if (std::filesystem::exists(candidate, ignored)) return candidate.string();
    }
    return resolved(in, path);
}

} // namespace

void refuse(const config_document& in, toml::source_index line, const std::string& what) {
    throw config_error{in.path + ":" + std::to_string(line) + ": " + what};
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 80;
    return "\"" + std::string{text.substr(0, most)} + (text.size() > most ? "...\"" : "\"");
}

std::string resolved(const config_document& in, const std::string& path) {
    return path.empty() ? path : (in.directory / path).string();
}

config_document parse_config_document(const std::string& path) {
    config_document in{.path = path, .directory = std::filesystem::absolute(path).parent_path(), .root = {}};
    std::ifstream file{path};
    std::ostringstream content;
    struct stat about{};
    if (!file || ::stat(path.c_str(), &about) != 0)
        throw config_error{path + ": cannot read this file: " + std::generic_category().message(errno)};
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

void section_reader::text(std::string_view key, std::string& into, text_check check) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    into = checked_text(key, *node, check);
}

void section_reader::path(std::string_view key, std::string& into) {
    if (const toml::node* const node = find(key)) {
        into = text_of(key, *node);
        if (into.find('\0') != std::string::npos) refuse_value(key, *node, "a file name holds no NUL");
    }
    into = resolved(in_, into);
}

void section_reader::list(std::string_view key, std::vector<std::string>& into, text_check check) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    const toml::array* const array = node->as_array();
    if (array == nullptr) refuse_value(key, *node, "a list of strings is wanted here");
    into.clear();
    for (const toml::node& element : *array) into.push_back(checked_text(key, element, check));
}

void section_reader::flag(std::string_view key, bool& into) {
    const toml::node* const node = find(key);
    if (node == nullptr) return;
    const auto value = node->as_boolean();
    if (value == nullptr) refuse_value(key, *node, "true or false is wanted here");
    into = value->get();
}

void section_reader::app_secret(std::string_view key, std::string& file_name, secret& value) {
    const std::string file_key = std::string{key} + "_file";
    const toml::node* const literal = find(key);
    const toml::node* const file = find(file_key);
    if (literal != nullptr && file != nullptr)
        refuse_value(key, *literal, "there is a " + file_key + " as well (one of the two)");
    if (literal != nullptr) {
        value = secret{text_of(key, *literal)};
        if (!in_.is_private)
            refuse_value(
                key, *literal,
                "this file can be read by others than its owner (chmod 0600, or use " + file_key + ")");
        check_secret(key, *literal, value, "the value");
        return;
    }
    if (file == nullptr) return;
    const std::string name = text_of(file_key, *file);
    if (name.empty()) return;
    if (looks_like_app_secret(name)) // and must not appear in the message that it cannot be read
        refuse_value(file_key, *file, "this looks like the secret itself (the name of its file)");
    file_name = resolved_secret(in_, name);
    try {
        value = read_secret_file(file_name);
    } catch (const secret_file_error& why) {
        refuse_value(file_key, *file, why.what());
    }
    check_secret(file_key, *file, value, "the content of " + file_name);
}

void section_reader::secret_file(std::string_view key, std::string& file, secret& content) {
    const toml::node* const node = find(key);
    if (node == nullptr || text_of(key, *node).empty()) return;
    file = resolved_secret(in_, text_of(key, *node));
    try {
        content = read_secret_file(file);
    } catch (const secret_file_error& why) {
        refuse_value(key, *node, why.what());
    }
}

void section_reader::open_file(std::string_view key, std::string& file, std::string& content) {
    constexpr std::size_t most = 64 * 1024;
    path(key, file);
    if (file.empty()) return;
    std::ifstream from{file, std::ios::binary};
    content.resize(most + 1);
    from.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(from.gcount()));
    if (from.bad() || content.empty()) refuse_value(key, *find(key), "cannot read " + file);
    if (content.size() > most) refuse_value(key, *find(key), file + " is over 64 KiB");
}

void section_reader::refuse_unknown_keys() const {
    for (const auto& [key, node] : table_) {
        if (known_.contains(key.str())) continue;
        std::string names;
        for (const std::string& name : known_) names.append(names.empty() ? "" : ", ").append(name);
        refuse_value(key.str(), node, "unknown key (known here: " + names + ")");
    }
}

const toml::node* section_reader::find(std::string_view key) {
    known_.emplace(key);
    return table_.get(key);
}

void section_reader::refuse_value(
    std::string_view key, const toml::node& node, const std::string& what) const {
    refuse(in_, node.source().begin.line, name_ + "." + std::string{key} + ": " + what);
}

std::string section_reader::text_of(std::string_view key, const toml::node& node) const {
    const auto* const value = node.as_string();
    if (value == nullptr) refuse_value(key, node, "a string is wanted here");
    return value->get();
}

std::string
section_reader::checked_text(std::string_view key, const toml::node& node, text_check check) const {
    std::string text = text_of(key, node);
    if (const std::string_view allowed = check(text); !allowed.empty())
        refuse_value(key, node, in_quotes(text) + " is not allowed (" + std::string{allowed} + ")");
    return text;
}

std::optional<std::int64_t>
section_reader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
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
void section_reader::check_secret(
    std::string_view key, const toml::node& node, const secret& value, const std::string& which) const {
    if (const std::string_view allowed = check_app_secret(value.reveal()); !allowed.empty())
        refuse_value(key, node, which + " is not an AppSecret (" + std::string{allowed} + ")");
}

} // namespace wxlogind

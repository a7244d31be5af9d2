#include "core/session/keyring_text.hpp"

#include "core/base/encoding.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <limits>

namespace wxlogind::session {

namespace {

constexpr std::string_view preamble =
    R"(# The keys of this wxlogind. Whoever reads this file can sign in as anyone: keep it
# readable by its owner alone. Keep a backup: without the sealing keys, sealed columns of the database are lost.
#
# signing_keys: state is "active" (signs and verifies, exactly one), "passive" (verifies; keep a key so for
# as long as its tokens live; passive_since says since when it does not sign any more) or "retired" (does
# neither). sealing_keys: the first one seals, all open. Secrets are base64url without padding.
#
# `wxlogind keys` changes this file; SIGHUP makes a running wxlogind read it again.
)";

[[noreturn]] void refuse(const toml::node& where, const std::string& why) {
    throw keyring_error{std::to_string(where.source().begin.line) + ": " + why};
}

void check_names(const toml::table& table, std::initializer_list<std::string_view> known) {
    for (const auto& [name, value] : table)
        if (std::find(known.begin(), known.end(), name.str()) == known.end())
            refuse(value, "unknown name in this table: it may be a secret out of place");
}

const toml::node& required(const toml::table& table, std::string_view name) {
    const toml::node* const node = table.get(name);
    if (node == nullptr) refuse(table, "\"" + std::string{name} + "\" is missing");
    return *node;
}

std::string_view text_of(const toml::table& table, std::string_view name) {
    const toml::node& node = required(table, name);
    const auto* const text = node.as_string();
    if (text == nullptr) refuse(node, "\"" + std::string{name} + "\" is not a string");
    return text->get();
}

key_state state_of(const toml::table& table) {
    const std::string_view text = text_of(table, "state");
    for (const auto state : {key_state::active, key_state::passive, key_state::retired})
        if (text == to_string(state)) return state;
    refuse(*table.get("state"), "\"state\" is \"active\", \"passive\" or \"retired\"");
}

secret secret_of(const toml::table& table) {
    const std::string_view text = text_of(table, "secret");
    const toml::node& node = *table.get("secret");
    if (text.starts_with("-----BEGIN"))
        refuse(node, "\"secret\" holds a PEM: it has to be 32 random bytes in base64url");
    if (text.starts_with('{'))
        refuse(node, "\"secret\" holds a JWK: take its member \"k\", or 32 random bytes in base64url");
    auto bytes = base64url_decode(text);
    if (!bytes) refuse(node, "\"secret\" is not base64url without padding");
    return secret{std::move(*bytes)};
}

unix_seconds time_of(const toml::table& table, std::string_view name) {
    const toml::node& node = required(table, name);
    const auto* const value = node.as_date_time();
    if (value == nullptr || !value->get().offset)
        refuse(node, "\"" + std::string{name} + "\" is not a time with offset, as 2026-01-31T12:00:00Z");
    const toml::date_time& at = value->get();
    const std::chrono::year_month_day date{
        std::chrono::year{at.date.year}, std::chrono::month{at.date.month}, std::chrono::day{at.date.day}};
    return std::chrono::sys_days{date} + std::chrono::hours{at.time.hour} +
           std::chrono::minutes{at.time.minute} + std::chrono::seconds{at.time.second} -
           std::chrono::minutes{at.offset->minutes};
}

signing_key read_signing_key(const toml::table& table) {
    check_names(table, {"kid", "state", "created", "passive_since", "secret"});
    signing_key key;
    key.kid = text_of(table, "kid");
    key.state = state_of(table);
    key.created = time_of(table, "created");
    if (table.contains("passive_since")) key.passive_since = time_of(table, "passive_since");
    key.bytes = secret_of(table);
    return key;
}

sealing_key read_sealing_key(const toml::table& table) {
    check_names(table, {"id", "secret"});
    const toml::node& node = required(table, "id");
    const auto* const id = node.as_integer();
    if (id == nullptr || id->get() < 0 || id->get() > std::numeric_limits<std::uint32_t>::max())
        refuse(node, "\"id\" is not an integer from 0 to 4294967295");
    sealing_key key;
    key.id = static_cast<std::uint32_t>(id->get());
    key.bytes = secret_of(table);
    return key;
}

// Every table of the array `name`, read by `read`.
template <class Read>
auto read_tables(const toml::table& root, std::string_view name, Read read) {
    std::vector<decltype(read(root))> keys;
    const toml::node* const node = root.get(name);
    if (node == nullptr) return keys;
    const std::string not_tables = "\"" + std::string{name} + "\" is not an array of tables";
    const toml::array* const entries = node->as_array();
    if (entries == nullptr) refuse(*node, not_tables);
    for (const toml::node& entry : *entries) {
        if (!entry.is_table()) refuse(entry, not_tables);
        keys.push_back(read(*entry.as_table()));
    }
    return keys;
}

// Files that someone may take for a keyring.
void check_form(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos)
        throw keyring_error{"empty: remove it, and new keys are made at start"};
    text.remove_prefix(begin);
    if (text.starts_with("-----BEGIN"))
        throw keyring_error{"a PEM, not a keyring: name another file, and it is made at start"};
    if (text.starts_with('{'))
        throw keyring_error{"a JWK or other JSON, not a keyring: name another file, and it is made at start"};
}

} // namespace

std::string render_utc(unix_seconds time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
        clock.minutes().count(), clock.seconds().count());
}

std::string render_keyring(const std::vector<signing_key>& signing, const std::vector<sealing_key>& sealing) {
    std::string text{preamble};
    for (const signing_key& key : signing) {
        text += "\n[[signing_keys]]\nkid = \"" + key.kid + "\"\nstate = \"";
        text += to_string(key.state);
        text += "\"\ncreated = " + render_utc(key.created);
        if (key.passive_since) text += "\npassive_since = " + render_utc(*key.passive_since);
        text += "\nsecret = \"";
        base64url_append(text, key.bytes.reveal());
        text += "\"\n";
    }
    for (const sealing_key& key : sealing) {
        text += "\n[[sealing_keys]]\nid = " + std::to_string(key.id) + "\nsecret = \"";
        base64url_append(text, key.bytes.reveal());
        text += "\"\n";
    }
    return text;
}

key_set parse_key_set(std::string_view text) {
    check_form(text);
    toml::table root;
    try {
        root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        // The parser's own description quotes the text.
        throw keyring_error{std::to_string(error.source().begin.line) + ": not TOML"};
    }
    check_names(root, {"signing_keys", "sealing_keys"});
    key_set keys;
    keys.signing = read_tables(root, "signing_keys", read_signing_key);
    keys.sealing = read_tables(root, "sealing_keys", read_sealing_key);
    return keys;
}

std::shared_ptr<const keyring> parse_keyring(std::string_view text) {
    key_set keys = parse_key_set(text);
    return std::make_shared<const keyring>(std::move(keys.signing), std::move(keys.sealing));
}

} // namespace wxlogind::session

#include "core/session/key_changes.hpp"

#include "core/base/random.hpp"
#include "core/session/keyring_file.hpp"
#include "core/session/keyring_text.hpp"

#include <algorithm>

namespace wxlogind::session {

namespace {

constexpr std::size_t key_size = 32;

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
    throw keyring_error{"key \"" + std::string{name.substr(0, 64)} + "\" " + why};
}

signing_key& find_signing_key(key_set& keys, std::string_view name) {
    const auto found = std::find_if(
        keys.signing.begin(), keys.signing.end(), [name](const auto& key) { return key.kid == name; });
    if (found == keys.signing.end()) refuse(name, "is not there: `wxlogind keys list` shows which are");
    return *found;
}

std::vector<sealing_key>::iterator find_sealing_key(key_set& keys, std::string_view name) {
    const auto found = std::find_if(keys.sealing.begin(), keys.sealing.end(), [name](const auto& key) {
        return name_of_sealing_key(key.id) == name;
    });
    if (found == keys.sealing.end()) refuse(name, "is not there: `wxlogind keys list` shows which are");
    return found;
}

void promote_sealing_key(key_set& keys, std::string_view name) {
    const auto found = find_sealing_key(keys, name);
    if (found == keys.sealing.begin()) refuse(name, "seals already");
    std::rotate(keys.sealing.begin(), found, found + 1);
}

void retire_sealing_key(key_set& keys, std::string_view name) {
    const auto found = find_sealing_key(keys, name);
    if (found == keys.sealing.begin()) refuse(name, "seals: add and promote another first");
    const bool is_highest = std::none_of(
        keys.sealing.begin(), keys.sealing.end(), [id = found->id](const auto& key) { return key.id > id; });
    if (is_highest)
        refuse(name, "has the highest number, which would be given again: add and promote another first");
    keys.sealing.erase(found);
}

} // namespace

bool names_sealing_key(std::string_view name) noexcept {
    return name.starts_with("sealing:"); // no kid has a colon
}

std::string name_of_sealing_key(std::uint32_t id) {
    return "sealing:" + std::to_string(id);
}

std::string add_signing_key(key_set& keys, unix_seconds now) {
    signing_key key;
    key.kid = make_kid(now);
    key.state = key_state::passive;
    key.bytes = secret{random_bytes(key_size)};
    key.created = now;
    return keys.signing.emplace_back(std::move(key)).kid;
}

std::string add_sealing_key(key_set& keys) {
    sealing_key key;
    for (const sealing_key& each : keys.sealing) key.id = std::max(key.id, each.id);
    ++key.id;
    key.bytes = secret{random_bytes(key_size)};
    return name_of_sealing_key(keys.sealing.emplace_back(std::move(key)).id);
}

void promote_key(key_set& keys, std::string_view name, unix_seconds now) {
    if (names_sealing_key(name)) return promote_sealing_key(keys, name);
    signing_key& next = find_signing_key(keys, name);
    if (next.state == key_state::active) refuse(name, "signs already");
    if (next.state == key_state::retired)
        refuse(name, "is retired: no process may know it; add a new one instead");
    for (signing_key& each : keys.signing) {
        if (each.state != key_state::active) continue;
        each.state = key_state::passive;
        each.passive_since = now;
    }
    next.state = key_state::active;
    next.passive_since.reset();
}

std::optional<unix_seconds> last_token_of(const signing_key& key, std::chrono::seconds longest_token_life) {
    if (!key.passive_since) return std::nullopt;
    return *key.passive_since + longest_token_life;
}

void retire_key(key_set& keys, std::string_view name, const retirement& how) {
    if (names_sealing_key(name)) return retire_sealing_key(keys, name);
    signing_key& key = find_signing_key(keys, name);
    if (key.state == key_state::retired) refuse(name, "is retired already");
    if (key.state == key_state::active) refuse(name, "signs: add and promote another first");
    const auto last = last_token_of(key, how.longest_token_life);
    if (last && how.now < *last && !how.at_once)
        refuse(
            name, "may have tokens until " + render_utc(*last) +
                      ": retire it then, or now with --force, and their users have to log in again");
    key.state = key_state::retired;
}

} // namespace wxlogind::session

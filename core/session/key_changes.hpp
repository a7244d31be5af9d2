// What an operator does to the keys. Pure: the file is keyring_file's business.
//
// A signing key goes added (passive), then promoted (active), then, when another has taken its place, passive
// again, and retired. Each step has to be known to every process before the next: so a token is always of a
// key that all of them know.
#pragma once

#include "core/base/clock.hpp"
#include "core/session/keyring.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace wxlogind::session {

// Sealing keys are named so, to tell them from signing keys: "sealing:2".
[[nodiscard]] std::string name_of_sealing_key(std::uint32_t id);

// A new random key, which signs nothing yet. Returns its kid.
std::string add_signing_key(key_set& keys, unix_seconds now);

// A new random key, which seals nothing yet and opens what it will have sealed. Returns its name.
std::string add_sealing_key(key_set& keys);

// From now on `name` signs or seals; the one before goes on verifying or opening. Throws keyring_error: there
// is no such key, it is the one already, or it is retired.
void promote_key(key_set& keys, std::string_view name, unix_seconds now);

struct retirement {
    unix_seconds now;
    // No token of either kind lives longer, clocks that differ included.
    std::chrono::seconds longest_token_life{};
    // Also while there may be tokens of it: their users have to log in again.
    bool at_once{false};
};

// When the last token of a passive key has expired: nothing for one that has never signed.
[[nodiscard]] std::optional<unix_seconds>
last_token_of(const signing_key& key, std::chrono::seconds longest_token_life);

[[nodiscard]] bool names_sealing_key(std::string_view name) noexcept;

// From now on `name` does not verify any more. Throws keyring_error: there is no such key, it is active or
// retired already, or its tokens may still live. A sealing key is gone from here on, and the caller knows
// that nothing is sealed by it any more; what seals now, or has the highest number, which would be given
// again, is refused.
void retire_key(key_set& keys, std::string_view name, const retirement& how);

} // namespace wxlogind::session

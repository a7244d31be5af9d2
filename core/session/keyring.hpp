// The keys of this installation: token signing keys, and the keys that seal columns of the database.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/hmac.hpp"
#include "core/base/sealing.hpp"
#include "core/base/secret.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::session {

enum class key_state : unsigned char {
    active,  // signs and verifies; exactly one
    passive, // verifies: for as long as tokens live that it has signed
    retired, // does neither; kept so that its kid is not given away again
};

[[nodiscard]] std::string_view to_string(key_state state) noexcept;

struct signing_key {
    std::string kid; // [A-Za-z0-9_-]{1,32}
    key_state state{key_state::active};
    secret bytes; // at least 32
    unix_seconds created;
    // Since when it does not sign any more; nothing for a key that has never signed.
    std::optional<unix_seconds> passive_since{};
};

// What the file of the keys holds: signing keys in any order; the first sealing key seals.
struct key_set {
    std::vector<signing_key> signing;
    std::vector<sealing_key> sealing;
};

// A signing key made ready: what depends on the key alone is done once.
struct prepared_key {
    explicit prepared_key(const signing_key& key);

    std::string token_header; // the first part of every session token of this key, in base64url
    hmac_sha256 token_mac;
    // Of its own key, derived: a MAC made for one kind of token never serves the other.
    hmac_sha256 refresh_mac;
    std::uint32_t refresh_hint; // stands in refresh tokens, to find the key by
};

// What is wrong and what to do; with the file's name in front where there is one. Never bytes of a key.
class keyring_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Immutable; any thread. A reload makes a new one: hold it as shared_ptr<const keyring>.
class keyring {
public:
    // The first sealing key seals, all of them open.
    // Throws keyring_error: no active key or two, a kid or sealing key id twice, a malformed kid, a signing
    // key under 32 bytes (RFC 7518 section 3.2), a sealing key of another size than 32, no sealing key.
    keyring(std::vector<signing_key> signing, std::vector<sealing_key> sealing);

    [[nodiscard]] const signing_key& active() const noexcept { return signing_[active_]; }
    [[nodiscard]] const std::vector<signing_key>& signing_keys() const noexcept { return signing_; }
    [[nodiscard]] const wxlogind::sealer& sealer() const noexcept { return *sealer_; }

    // The active key.
    [[nodiscard]] const prepared_key& signer() const noexcept { return prepared_.front(); }
    // The key with this refresh_hint, if it still verifies: to say again what was said when it signed. Else
    // the active one.
    [[nodiscard]] const prepared_key& signer_by_hint(std::uint32_t hint) const noexcept;
    // The active key, then the passive ones: few, to be searched from front to back.
    [[nodiscard]] std::span<const prepared_key> verifiers() const noexcept { return prepared_; }

private:
    std::vector<signing_key> signing_;
    std::size_t active_{0};
    std::vector<prepared_key> prepared_;
    std::shared_ptr<const wxlogind::sealer> sealer_;
};

// Whether `next` may take the place of `now` in a running process. Throws keyring_error, "file: what is wrong
// and what to do": a sealing key is missing or another one stands under its id, so that what it has sealed
// could not be read any more. Those that are `unneeded`, since nothing is sealed by them, may be missing.
// Warns in the log when the key that signs now would not verify any more.
void check_succession(
    const keyring& now, const keyring& next, const std::string& file,
    std::span<const std::uint32_t> unneeded);

} // namespace wxlogind::session

// The keys of this installation: token signing keys, and the keys that seal columns of the database. One TOML
// file, made at first start.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/sealing.hpp"
#include "core/base/secret.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::session {

enum class key_state : unsigned char {
    active,  // signs and verifies; exactly one
    passive, // verifies
    retired, // does neither; kept so that its kid is not given away again
};

struct signing_key {
    std::string kid; // [A-Za-z0-9_-]{1,32}
    key_state state{key_state::active};
    secret bytes; // at least 32
    unix_seconds created{};
};

// "file: what is wrong and what to do".
class keyring_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Immutable; any thread. A reload makes a new one.
class keyring {
public:
    // Throws keyring_error: no active key or two, a kid or sealing key id twice, a malformed kid, a key
    // under 32 bytes, no sealing key.
    keyring(std::vector<signing_key> signing, std::vector<sealing_key> sealing);

    [[nodiscard]] const signing_key& active() const noexcept { return signing_[active_]; }
    // The key that may verify a token with that kid; nullptr for unknown and retired ones.
    [[nodiscard]] const signing_key* find(std::string_view kid) const noexcept;
    [[nodiscard]] const std::vector<signing_key>& signing_keys() const noexcept { return signing_; }
    [[nodiscard]] const wxlogind::sealer& sealer() const noexcept { return *sealer_; }

private:
    std::vector<signing_key> signing_;
    std::size_t active_{0};
    std::shared_ptr<const wxlogind::sealer> sealer_;
};

// Reads the file; makes it (mode 0600, one 32-byte key of each kind) when there is none. Refuses a file that
// others may read, that is not ours in form (a PEM, a JWK), or that keyring's constructor refuses.
// Throws keyring_error.
[[nodiscard]] std::shared_ptr<const keyring>
load_or_create_keyring(const std::string& path, unix_seconds now);
[[nodiscard]] std::shared_ptr<const keyring> load_keyring(const std::string& path);

} // namespace wxlogind::session

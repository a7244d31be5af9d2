// The keyring as text: TOML, secrets in base64url.
#pragma once

#include "core/session/keyring.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::session {

// As TOML and RFC 3339 write it: 2026-01-31T12:00:00Z.
[[nodiscard]] std::string render_utc(unix_seconds time);

[[nodiscard]] std::string
render_keyring(const std::vector<signing_key>& signing, const std::vector<sealing_key>& sealing);

// Throws keyring_error: not TOML of this form, unknown names, a PEM or a JWK in its place. The message begins
// with the line where that is known ("7: ...").
[[nodiscard]] key_set parse_key_set(std::string_view text);

// The same, and what keyring's constructor refuses.
[[nodiscard]] std::shared_ptr<const keyring> parse_keyring(std::string_view text);

} // namespace wxlogind::session

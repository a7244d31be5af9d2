// Keys and forged tokens for tests.
#pragma once

#include "core/base/encoding.hpp"
#include "core/base/hmac.hpp"
#include "core/session/keyring.hpp"
#include "core/session/token.hpp"

#include <string>
#include <string_view>

namespace wxlogind::test {

inline session::signing_key
signing_key_of(std::string kid, session::key_state state = session::key_state::active, char filling = 'k') {
    return {std::move(kid), state, secret{std::string(32, filling)}, unix_seconds{}};
}

inline sealing_key sealing_key_of(std::uint32_t id, char filling = 's') {
    return {id, secret{std::string(32, filling)}};
}

inline session::keyring keyring_of(std::vector<session::signing_key> keys) {
    std::vector<sealing_key> sealing;
    sealing.push_back(sealing_key_of(1));
    return {std::move(keys), std::move(sealing)};
}

// A token with a right MAC over whatever is given.
inline std::string sign(std::string_view header_json, std::string_view claims_json, const secret& key) {
    std::string token = base64url_encode(header_json) + '.' + base64url_encode(claims_json);
    const sha256_digest mac = hmac_sha256{key.reveal()}(token);
    return token + '.' + base64url_encode(as_text(mac));
}

} // namespace wxlogind::test

// Logins for tests of stores.
#pragma once

#include "storage/store.hpp"

#include <string>
#include <string_view>

namespace wxlogind::test {

inline constexpr unix_millis noon{std::chrono::milliseconds{1'790'000'000'000}};

// A key's text decides its fingerprint, as with real ones.
inline storage::login_record
login_of(std::string_view openid, std::string_view session_key = "key 1", unix_millis now = noon) {
    storage::login_record login;
    login.appid = "wx0000000000000001";
    login.openid = openid;
    login.sealed_session_key = "sealed " + std::string{session_key};
    login.session_key_fingerprint = std::hash<std::string_view>{}(session_key);
    login.now = now;
    login.session_expires = now + std::chrono::hours{720};
    return login;
}

} // namespace wxlogind::test

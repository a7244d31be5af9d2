// The session_keys of a user in one app, opened for use: what WeChat encrypts and signs with.
#pragma once

#include "core/base/secret.hpp"
#include "handlers/services.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::handlers {

struct session_key {
    std::int64_t sid{0}; // of the newest session that has it
    std::string openid;  // whose it is
    secret text;         // base64, as WeChat gave it
    unix_millis since;   // of the login that it came with
};

// Newest first, each once: the current one, then the ones before it. As the store finds them
// (storage/session_key_store.hpp); one whose sealing key is gone is left out. errc::not_found: none is known,
// and only a new login brings one. errc::overloaded, errc::storage_unavailable.
[[nodiscard]] task<result<std::vector<session_key>>>
session_keys_of(user_id user, std::string_view appid, services& with);

// The same of one account.
[[nodiscard]] task<result<std::vector<session_key>>>
session_keys_of_account(std::string_view appid, std::string_view openid, services& with);

} // namespace wxlogind::handlers

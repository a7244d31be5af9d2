// The rules of checkSessionKey, ResetUserSessionKey and getUserEncryptKey. The order of the checks is this
// simulator's choice.
#pragma once

#include "bench/wechat-sim/world/encrypt_key_book.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::wechat_sim {

// That the caller knows a user's session_key.
struct key_proof {
    std::string_view appid{}; // whose access_token it is
    std::string_view openid{};
    std::string_view signature{}; // see sign_with_key(); lower or upper case
    std::string_view sig_method{};
};

struct reset_outcome {
    int errcode{0};
    session_key key{}; // good when errcode is 0
};

struct encrypt_keys_outcome {
    int errcode{0};
    std::vector<encrypt_key> keys{};
};

// The session_key as text keys an HMAC-SHA256 of the message; in hexadecimal, lower case. The message of all
// three calls is empty.
[[nodiscard]] std::string sign_with_key(std::string_view session_key, std::string_view message);

// 0 when it is the current key. 40003 (not a user of this app), 87008, 87009 (another key, or expired).
[[nodiscard]] int check_session_key(world& everything, const key_proof& proof);

// 40097 (openid or signature missing), 87007 (no key, or expired), 87008, 87009.
[[nodiscard]] reset_outcome reset_session_key(world& everything, const key_proof& proof);
[[nodiscard]] encrypt_keys_outcome user_encrypt_keys(world& everything, const key_proof& proof);

} // namespace wxlogind::wechat_sim

// The access token of an app, and where it comes from.
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/base/secret.hpp"
#include "core/wechat/wechat_api.hpp"

#include <chrono>

namespace wxlogind::wechat {

struct access_token {
    secret text;
    // Counted from before WeChat was asked for it: never too late.
    steady_clock::time_point expires{};

    [[nodiscard]] bool is(const secret& other) const noexcept { return text.reveal() == other.reveal(); }
};

// How stable_token is asked.
enum class token_wish : unsigned char {
    normal, // the same token as before, until its last five minutes
    forced, // another one, and the one before is dead at once
};

// Where tokens come from. Lives on one reactor, and is called there alone.
class token_source {
public:
    virtual ~token_source() = default;

    // stable_token; ends by `until`. The errors of authorised_calls::call.
    virtual task<result<access_token>>
    fetch(const app_credentials& app, token_wish wish, steady_clock::time_point until) = 0;

    // Whether WeChat takes the token of the app, asked by a call that costs and changes nothing.
    virtual task<result<bool>>
    is_taken(const app_credentials& app, const secret& token, steady_clock::time_point until) = 0;
};

} // namespace wxlogind::wechat

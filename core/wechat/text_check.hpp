// WeChat's opinion of a text that a user wrote (msg_sec_check, version 2).
// developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html
#pragma once

#include "core/base/async.hpp"
#include "core/base/errors.hpp"
#include "core/wechat/authorised_calls.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

enum class text_suggestion : std::uint8_t {
    pass,
    review, // by a person
    risky,
};

[[nodiscard]] std::string_view to_string(text_suggestion suggestion) noexcept;

struct text_verdict {
    text_suggestion suggestion{text_suggestion::pass};
    std::int64_t label{100}; // WeChat's number of what it found: 100 nothing, 20001 politics, and so on
};

// Where a text stands.
enum class text_scene : std::uint8_t {
    profile = 1,
    comment = 2,
    forum = 3,
    social_log = 4,
};

inline constexpr std::size_t longest_checked_text = 2500; // characters

struct text_to_check {
    std::string openid; // of who wrote it; has to have used the mini program within two hours
    std::string content;
    text_scene scene{text_scene::profile};
    std::string_view traceparent{}; // as api_call's
};

// A risky text is a verdict, no failure. As authorised_calls::call; errc::session_key_stale: the user was not
// in the mini program within two hours. The text goes nowhere but to WeChat.
task<result<text_verdict>> check_text(authorised_calls& api, const app_credentials& app, text_to_check what);

// Of WeChat's answer. errc::wechat_bad_answer.
[[nodiscard]] result<text_verdict> read_text_verdict(std::string_view answer);

} // namespace wxlogind::wechat

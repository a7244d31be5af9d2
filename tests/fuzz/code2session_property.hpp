// Of what WeChat answers only what has the promised form is taken, and a refusal quotes nothing.
#pragma once

#include "core/wechat/code2session_reply.hpp"
#include "tests/fuzz/property.hpp"

namespace wxlogind::test {

inline void check_code2session(std::string_view body) {
    const auto reply = wechat::parse_code2session_reply(body);
    if (!reply) {
        const std::string& detail = reply.error().detail;
        must_hold(!detail.empty() && detail.size() <= 64, "a refusal has no detail of ours");
        return;
    }
    must_hold(!reply->openid.empty() && reply->openid.size() <= 128, "an openid is too long, or empty");
    must_hold(reply->session_key.reveal().size() == 24, "a session_key is none");
    must_hold(
        !reply->unionid || (!reply->unionid->empty() && reply->unionid->size() <= 128), "a unionid is none");
}

} // namespace wxlogind::test

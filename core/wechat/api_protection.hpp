// The calls of one app under WeChat's API signature: what is sent is encrypted and signed, and of what comes
// back nothing counts that WeChat has not signed and encrypted for this app, just now.
// developers.weixin.qq.com: API signature.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/config.hpp"
#include "core/base/rsa_pss.hpp"
#include "core/net/response_reader.hpp"
#include "core/wechat/api_security.hpp"
#include "core/wechat/authorised_calls.hpp"
#include "core/wechat/seen_nonces.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

// Any thread.
class api_protection {
public:
    // Of what check_api_keys() passes; throws std::invalid_argument for others.
    api_protection(std::string appid, api_key_settings keys);

    // The same app's, with the same keys.
    [[nodiscard]] bool is_of(const api_key_settings& keys) const noexcept;

    // Whether WeChat takes the call of this path protected. The others, logins among them, go as ever.
    [[nodiscard]] static bool covers(std::string_view path) noexcept;

    // What takes the place of the call's parameters and body: the call is a POST from here on.
    struct request {
        std::string fields; // of the head, each with its line end
        std::string body;
    };
    // Takes about a millisecond of CPU: RSA. `what` is covered.
    [[nodiscard]] request protect(const api_call& what, unix_seconds now) const;

    // The fields of a response that open() looks at.
    static constexpr std::array<std::string_view, 6> wanted_fields{
        "Wechatmp-Appid",     "Wechatmp-TimeStamp",         "Wechatmp-Serial",
        "Wechatmp-Signature", "Wechatmp-Serial-Deprecated", "Wechatmp-Signature-Deprecated"};

    // A message counts for so long, by two clocks that may differ by as much.
    static constexpr std::chrono::seconds longest_age{300};

    // The JSON object in the body of a response of status 200, once it is known to be WeChat's. A refusal
    // (errcode) that is not signed is taken for one: WeChat cannot sign to whom it does not know, and all it
    // does is end the call. errc::wechat_misconfigured: signed with a certificate that is not configured, or
    // an operator has to look at keys or clock; errc::wechat_bad_answer: not WeChat's, not for this call, or
    // one that was here before. Either is logged, with what to do.
    [[nodiscard]] result<secret> open(
        const api_call& what, std::span<const net::response_field> fields, std::string_view body,
        unix_seconds now) const;

private:
    struct proof;
    struct reason;
    [[nodiscard]] failure distrust(const api_call& what, const reason& why) const;
    [[nodiscard]] const reason*
    find_fault(const proof& given, const api_envelope& about, std::string_view body, unix_seconds now) const;
    [[nodiscard]] api_envelope envelope_of(const api_call& what, unix_seconds at) const;
    [[nodiscard]] bool is_new(std::string_view plain, unix_seconds now) const;

    const std::string appid_;
    const api_key_settings keys_;
    const api_symmetric_key key_;
    const rsa_pss_signer signer_;
    const rsa_pss_verifier wechat_;
    mutable std::atomic<bool> has_told_of_change_{false};
    mutable std::mutex lock_; // guards what follows
    mutable seen_nonces seen_{2 * longest_age};
};

} // namespace wxlogind::wechat

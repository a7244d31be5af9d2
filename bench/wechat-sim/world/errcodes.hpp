// WeChat's error numbers and their texts, as the answers spell them before the request id.
#pragma once

#include <string_view>

namespace wxlogind::wechat_sim {

namespace errcode {
inline constexpr int system_error = -1;
inline constexpr int ok = 0;
inline constexpr int invalid_credential = 40001;
inline constexpr int invalid_grant_type = 40002;
inline constexpr int invalid_openid = 40003;
inline constexpr int invalid_appid = 40013;
inline constexpr int invalid_token = 40014;
inline constexpr int invalid_code = 40029;
inline constexpr int invalid_parameter = 40035;
inline constexpr int invalid_url = 40066;
inline constexpr int invalid_arguments = 40097;
inline constexpr int invalid_secret = 40125;
inline constexpr int invalid_scene = 40129;
inline constexpr int code_used = 40163;
inline constexpr int invalid_ip = 40164;
inline constexpr int code_blocked = 40226;
inline constexpr int timestamp_missing = 40231;
inline constexpr int signature_missing = 40232;
inline constexpr int signed_appid_missing = 40233;
inline constexpr int wrong_signature = 40234;
inline constexpr int wrong_encryption = 40235;
inline constexpr int wrong_appid = 40236;
inline constexpr int appid_of_another_token = 40237;
inline constexpr int no_public_key = 40239;
inline constexpr int timestamp_expired = 40240;
inline constexpr int secret_frozen = 40243;
inline constexpr int token_missing = 41001;
inline constexpr int appid_missing = 41002;
inline constexpr int secret_missing = 41004;
inline constexpr int code_missing = 41008;
inline constexpr int token_expired = 42001;
inline constexpr int require_get = 43001;
inline constexpr int require_post = 43002;
inline constexpr int require_https = 43003;
inline constexpr int foreign_openid = 43104;
inline constexpr int empty_body = 44002;
inline constexpr int check_rate = 44991;
inline constexpr int content_too_long = 45002;
inline constexpr int daily_quota = 45009;
inline constexpr int minute_quota = 45011;
inline constexpr int not_json = 47001;
inline constexpr int unauthorized = 48001;
inline constexpr int user_inactive = 61010;
inline constexpr int session_key_expired = 87007;
inline constexpr int invalid_sig_method = 87008;
inline constexpr int invalid_signature = 87009;
inline constexpr int risky_content = 87014;
inline constexpr int ip_unconfirmed = 89503;
inline constexpr int ip_refused_a_day = 89506;
inline constexpr int ip_refused_an_hour = 89507;
} // namespace errcode

// The text of `number`; "system error" for numbers that are not ours. 40164's names an address besides, which
// the reply adds.
[[nodiscard]] std::string_view text_of(int number) noexcept;

} // namespace wxlogind::wechat_sim

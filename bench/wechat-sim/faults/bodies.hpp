// Bodies that a client of WeChat must survive.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// "empty", "null", "array", "number", "truncated", "string_errcode", "duplicate_openid", "depth_1000",
// "huge" (10 MB), "invalid_utf8", "nul_openid", "long_openid" (10 KB), "empty_openid", "number_openid",
// "missing_openid", "missing_session_key", "short_session_key", "null_unionid", "unknown_errcode",
// "byte_order_mark". nullopt for other names.
[[nodiscard]] std::optional<std::string> named_body(std::string_view name);

// A gzip member (RFC 1952) that holds `text` uncompressed.
[[nodiscard]] std::string gzip_stored(std::string_view text);

} // namespace wxlogind::wechat_sim

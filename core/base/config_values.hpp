// The grammar of what stands in the configuration as text. Pure.
//
// A check returns "" when `value` is fine, else what is allowed. None throws; any thread.
#pragma once

#include <string_view>

namespace wxlogind {

using text_check = std::string_view (*)(std::string_view value);

// "192.0.2.1:80", "[2001:db8::1]:80"; port 0 is one.
std::string_view check_tcp_address(std::string_view value);
// The same, or "unix:/path".
std::string_view check_tcp_or_unix_address(std::string_view value);
// "192.0.2.1", "192.0.2.0/24", "2001:db8::/32": no bit set outside of the block.
std::string_view check_address_block(std::string_view value);
// The same, or "unix": whoever comes by a Unix socket.
std::string_view check_trusted_proxy(std::string_view value);
// "https://host" or "https://host:port", and nothing behind it.
std::string_view check_https_origin(std::string_view value);
// "https://host", "http://host:port/path" and the like, without a slash at the end; or nothing.
std::string_view check_public_url(std::string_view value);
// [A-Za-z0-9]{1,64}. WeChat's are "wx" and 16 hexadecimal digits.
std::string_view check_appid(std::string_view value);
// Printable ASCII without space, at most 128. WeChat's are 32 hexadecimal digits.
std::string_view check_app_secret(std::string_view value);
// The number of a key or certificate at mp.weixin.qq.com: letters, digits and '_' and '-', at most 128, or
// nothing.
std::string_view check_api_key_number(std::string_view value);
// Printable ASCII without space, at most 128.
std::string_view check_issuer(std::string_view value);
// [A-Za-z0-9_.-]{1,64}.
std::string_view check_service_name(std::string_view value);
// 64 hexadecimal digits in lower case, or nothing.
std::string_view check_service_key_hash(std::string_view value);
// One of the scopes that a service key can have.
std::string_view check_service_scope(std::string_view value);
// "sqlite:", a path, and when to check the file at start (open_store).
std::string_view check_storage_url(std::string_view value);

} // namespace wxlogind

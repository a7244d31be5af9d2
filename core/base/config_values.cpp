#include "core/base/config_values.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace wxlogind {

namespace {

namespace ip = boost::asio::ip;

bool is_alphanumeric(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_printable_word(std::string_view text, std::size_t most) noexcept {
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_port(std::string_view text) noexcept {
    unsigned port = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(std::to_address(text.begin()), end, port);
    return error == std::errc{} && stop == end && port <= 65535;
}

bool is_address(std::string_view text) {
    boost::system::error_code why;
    ip::make_address(std::string{text}, why);
    return !why;
}

bool is_v6_address(std::string_view text) {
    boost::system::error_code why;
    ip::make_address_v6(std::string{text}, why);
    return !why;
}

bool is_v4_address(std::string_view text) {
    return is_address(text) && !is_v6_address(text);
}

bool is_address_and_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return false;
    const std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) return is_v6_address(host.substr(1, host.size() - 2));
    return is_v4_address(host);
}

// sun_path holds 108 bytes, the terminating zero included.
bool is_unix_address(std::string_view text) {
    constexpr std::string_view scheme = "unix:/";
    return text.starts_with(scheme) && text.size() > scheme.size() && text.size() - 5 < 108 &&
           text.find('\0') == std::string_view::npos;
}

bool is_host_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > 253 || text.front() == '.' || text.front() == '-') return false;
    return std::all_of(
        text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
}

template <class Network>
bool is_canonical(const Network& network, const boost::system::error_code& why) {
    return !why && network.canonical() == network;
}

} // namespace

std::string_view check_tcp_address(std::string_view value) {
    if (is_address_and_port(value)) return {};
    return "\"address:port\" or \"[v6 address]:port\", no host name";
}

std::string_view check_tcp_or_unix_address(std::string_view value) {
    if (is_address_and_port(value) || is_unix_address(value)) return {};
    return "\"address:port\", \"[v6 address]:port\" or \"unix:/path\" of at most 107 bytes";
}

std::string_view check_address_block(std::string_view value) {
    if (is_address(value)) return {};
    const std::string text{value};
    boost::system::error_code why_not_v4;
    boost::system::error_code why_not_v6;
    const auto v4 = ip::make_network_v4(text, why_not_v4);
    const auto v6 = ip::make_network_v6(text, why_not_v6);
    if (is_canonical(v4, why_not_v4) || is_canonical(v6, why_not_v6)) return {};
    return "an address or a block like 10.0.0.0/8 or 2001:db8::/32, with no bit set behind the prefix";
}

std::string_view check_trusted_proxy(std::string_view value) {
    if (value == "unix" || check_address_block(value).empty()) return {};
    return "an address, a block like 10.0.0.0/8 or 2001:db8::/32 with no bit set behind the prefix, or "
           "\"unix\"";
}

std::string_view check_https_origin(std::string_view value) {
    constexpr std::string_view scheme = "https://";
    constexpr std::string_view allowed = "\"https://host\" or \"https://host:port\", without a path";
    if (!value.starts_with(scheme)) return allowed;
    value.remove_prefix(scheme.size());
    if (const auto colon = value.rfind(':'); colon != std::string_view::npos) {
        if (!is_port(value.substr(colon + 1)) || value.substr(colon + 1) == "0") return allowed;
        value = value.substr(0, colon);
    }
    return is_host_name(value) ? std::string_view{} : allowed;
}

std::string_view check_public_url(std::string_view value) {
    constexpr std::string_view allowed =
        "\"https://host\", with a port or a path if wanted, and no slash at its end";
    if (value.empty()) return {};
    const std::string_view scheme = value.starts_with("https://") ? "https://" : "http://";
    if (!value.starts_with(scheme) || value.ends_with('/') || value.size() > 256) return allowed;
    value.remove_prefix(scheme.size());
    const std::string_view path = value.substr(std::min(value.find('/'), value.size()));
    const bool is_path = path.empty() || (is_printable_word(path, 256) &&
                                          path.find_first_of("?#\"\\<>%") == std::string_view::npos);
    const std::string origin = "https://" + std::string{value.substr(0, value.size() - path.size())};
    return is_path && check_https_origin(origin).empty() ? std::string_view{} : allowed;
}

std::string_view check_appid(std::string_view value) {
    if (!value.empty() && value.size() <= 64 && std::all_of(value.begin(), value.end(), &is_alphanumeric))
        return {};
    return "1 to 64 letters and digits";
}

std::string_view check_app_secret(std::string_view value) {
    return is_printable_word(value, 128) ? std::string_view{} : "1 to 128 printable characters, no space";
}

std::string_view check_api_key_number(std::string_view value) {
    const auto is_allowed = [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; };
    if (value.size() <= 128 && std::all_of(value.begin(), value.end(), is_allowed)) return {};
    return "the number that mp.weixin.qq.com shows beside the key: letters and digits";
}

std::string_view check_issuer(std::string_view value) {
    return is_printable_word(value, 128) ? std::string_view{} : "1 to 128 printable characters, no space";
}

std::string_view check_service_name(std::string_view value) {
    const auto is_allowed = [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; };
    if (!value.empty() && value.size() <= 64 && std::all_of(value.begin(), value.end(), is_allowed))
        return {};
    return "1 to 64 letters, digits, '_', '.' or '-'";
}

std::string_view check_service_key_hash(std::string_view value) {
    const bool is_digest =
        value.size() == 64 && value.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    return is_digest || value.empty() ? std::string_view{}
                                      : "64 hexadecimal digits, as `wxlogind service-key new` prints them";
}

std::string_view check_service_scope(std::string_view value) {
    constexpr std::array<std::string_view, 5> scopes{
        "verify", "users:read", "users:write", "wechat", "metrics"};
    if (std::find(scopes.begin(), scopes.end(), value) != scopes.end()) return {};
    return R"("verify", "users:read", "users:write", "wechat" or "metrics")";
}

std::string_view check_storage_url(std::string_view value) {
    constexpr std::string_view scheme = "sqlite:";
    constexpr std::string_view allowed =
        "\"sqlite:/path/of/the/file\", with ?check=always, ?check=after_crash or ?check=never behind it";
    if (!value.starts_with(scheme)) return allowed;
    value.remove_prefix(scheme.size());
    const std::string_view path = value.substr(0, value.find('?'));
    const std::string_view parameters = value.substr(path.size());
    const bool is_path = !path.empty() && path.front() != ':' && !path.starts_with("//") &&
                         path.find('\0') == std::string_view::npos;
    const bool are_known = parameters.empty() || parameters == "?check=always" ||
                           parameters == "?check=after_crash" || parameters == "?check=never";
    return is_path && are_known ? std::string_view{} : allowed;
}

} // namespace wxlogind

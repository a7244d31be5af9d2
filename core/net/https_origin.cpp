#include "core/net/https_origin.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace wxlogind::net {

std::string https_origin::authority() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    std::string text = is_v6 ? '[' + host + ']' : host;
    if (port != 443) text += ':' + std::to_string(port);
    return text;
}

std::optional<https_origin> parse_https_origin(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->scheme_id() != boost::urls::scheme::https) return std::nullopt;
    const std::string_view path = parsed->encoded_path();
    if (parsed->has_userinfo() || parsed->has_query() || parsed->has_fragment() ||
        (!path.empty() && path != "/"))
        return std::nullopt;
    https_origin origin;
    origin.host = parsed->host_address();
    if (origin.host.empty() || (parsed->has_port() && parsed->port_number() == 0)) return std::nullopt;
    if (parsed->has_port()) origin.port = parsed->port_number();
    return origin;
}

} // namespace wxlogind::net

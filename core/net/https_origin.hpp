// Where an HTTPS server is: host and port.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::net {

struct https_origin {
    std::string host; // a name or an IP literal, without brackets
    std::uint16_t port{443};

    // As a Host field writes it (RFC 9110 section 7.2): the port only when it is not 443.
    [[nodiscard]] std::string authority() const;
};

// "https://host[:port][/]". nullopt: another scheme, user information, a path, a query or a fragment.
[[nodiscard]] std::optional<https_origin> parse_https_origin(std::string_view url);

} // namespace wxlogind::net

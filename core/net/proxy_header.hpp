// The PROXY protocol, version 1 (a line of text) and 2 (binary): a proxy's first bytes on a connection, which
// say for whom it speaks. https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt, section 2. Pure.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wxlogind::net {

// More is no header: version 1 has 107 bytes at most, version 2 its addresses and what few extensions (TLV)
// there are in use.
inline constexpr std::size_t longest_proxy_header = 1024;

struct proxy_header {
    enum class reading : std::uint8_t {
        needs_bytes, // so far it may become one
        is_there,
        is_wrong,
    };
    reading step{reading::needs_bytes};
    std::size_t size{0}; // of the header, once it is there
    // nullopt: the proxy speaks for itself (LOCAL, as in a health check), or does not know (UNKNOWN, UNSPEC,
    // a Unix socket).
    std::optional<boost::asio::ip::address> client;
};

// Looks at everything that has come on a connection so far. Only the whole header counts, and nothing is
// guessed.
[[nodiscard]] proxy_header read_proxy_header(std::string_view bytes) noexcept;

} // namespace wxlogind::net

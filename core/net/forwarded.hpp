// Whom a request comes from, when proxies stand between.
#pragma once

#include "core/base/errors.hpp"
#include "core/net/http.hpp"

#include <boost/asio/ip/address.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::net {

// Peers, as blocks of addresses. IPv4 addresses mapped into IPv6 count as IPv4. Immutable once made:
// any thread.
class address_blocks {
public:
    address_blocks() = default;

    // Each text an address or a block: "10.0.0.0/8", "::1", "fd00::/8"; or "unix", for whoever comes by a
    // Unix socket. Bits behind the prefix are ignored. errc::invalid_request, naming the text, for what is
    // neither.
    [[nodiscard]] static result<address_blocks> parse(std::span<const std::string> texts);

    [[nodiscard]] bool contains(const asio::ip::address& address) const noexcept;
    // The unspecified address stands for the other end of a Unix socket, and is in no block.
    [[nodiscard]] bool contains_peer(const asio::ip::address& peer) const noexcept {
        return peer.is_unspecified() ? contains_unix_ : contains(peer);
    }
    [[nodiscard]] bool empty() const noexcept { return blocks_.empty() && !contains_unix_; }

private:
    struct block {
        asio::ip::address_v6::bytes_type bits;
        unsigned prefix; // of the 128 bits; IPv4 lies in ::ffff:0:0/96
    };
    std::vector<block> blocks_;
    bool contains_unix_{false};
};

// The client's address: the rightmost entry of X-Forwarded-For that is not a trusted proxy, if `peer`, which
// holds the connection, is one. Everything to the left of that entry was written by the client and is not
// looked at. An entry that is no address ends the walk: then it is the last proxy that counts as the client,
// since nobody trusted has named another.
[[nodiscard]] asio::ip::address forwarded_client(
    const asio::ip::address& peer, std::span<const header_field> fields,
    const address_blocks& trusted) noexcept;

} // namespace wxlogind::net

// An address as text, for the line of every request: Boost's to_string() goes through sprintf.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>

namespace wxlogind::net {

// "192.0.2.1", "2001:db8::1"; "" of the unspecified address, which stands for the other end of a Unix
// socket. Any thread. Throws std::bad_alloc.
[[nodiscard]] std::string text_of(const boost::asio::ip::address& address);

} // namespace wxlogind::net

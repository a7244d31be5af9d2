#include "core/net/address_text.hpp"

#include <array>
#include <charconv>

namespace wxlogind::net {

std::string text_of(const boost::asio::ip::address& address) {
    if (address.is_unspecified()) return {};
    if (address.is_v6()) return address.to_string();
    std::array<char, 16> text;
    char* end = text.data();
    for (const unsigned byte : address.to_v4().to_bytes()) {
        if (end != text.data()) *end++ = '.';
        end = std::to_chars(end, text.data() + text.size(), byte).ptr;
    }
    return {text.data(), end};
}

} // namespace wxlogind::net

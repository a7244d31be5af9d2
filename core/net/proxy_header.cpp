#include "core/net/proxy_header.hpp"

#include "core/net/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace wxlogind::net {

namespace {

namespace ip = boost::asio::ip;
using reading = proxy_header::reading;

constexpr std::string_view text_begin{"PROXY "};
constexpr std::size_t longest_text = 107; // with CR LF
constexpr std::string_view binary_begin{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t binary_head = 16;

constexpr proxy_header wrong{.step = reading::is_wrong, .size = 0, .client = {}};
constexpr proxy_header unfinished{};

proxy_header whole(std::size_t size, const std::optional<ip::address>& client = {}) {
    return {.step = reading::is_there, .size = size, .client = client};
}

// Up to the next space, which goes as well; the last word goes up to the end.
std::string_view next_word(std::string_view& rest) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, space);
    rest.remove_prefix(std::min(space + 1, rest.size()));
    return word;
}

std::optional<ip::address> parse_address(std::string_view text, bool is_v6) {
    constexpr std::size_t longest = 45;
    constexpr character_class accepted = alphanumeric_and(":.");
    if (text.empty() || text.size() > longest || !all_in(accepted, text)) return std::nullopt;
    std::array<char, longest + 1> terminated{};
    std::ranges::copy(text, terminated.begin());
    boost::system::error_code error;
    ip::address parsed = ip::make_address(terminated.data(), error);
    if (error || parsed.is_v6() != is_v6) return std::nullopt;
    return parsed;
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
    return !text.empty() && fault == std::errc{} && end == text.data() + text.size() &&
           (text.size() == 1 || text.front() != '0');
}

// "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"
proxy_header read_text(std::string_view bytes) {
    const std::size_t end = bytes.substr(0, longest_text).find("\r\n");
    if (end == std::string_view::npos) return bytes.size() < longest_text ? unfinished : wrong;
    const std::size_t size = end + 2;
    std::string_view rest = bytes.substr(0, end);
    rest.remove_prefix(text_begin.size());
    const bool is_last = rest.find(' ') == std::string_view::npos;
    const std::string_view family = next_word(rest);
    // What may follow is to be ignored.
    if (family == "UNKNOWN") return whole(size);
    if (is_last || (family != "TCP4" && family != "TCP6")) return wrong;
    if (std::ranges::count(rest, ' ') != 3) return wrong;
    const bool is_v6 = family == "TCP6";
    const auto client = parse_address(next_word(rest), is_v6);
    const auto server = parse_address(next_word(rest), is_v6);
    const bool has_ports = is_port(next_word(rest)) && is_port(rest);
    return client && server && has_ports ? whole(size, client) : wrong;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t place) {
    return static_cast<std::uint8_t>(bytes[place]);
}

template <class Address>
ip::address address_at(std::string_view bytes, std::size_t place) {
    typename Address::bytes_type raw{};
    for (std::size_t index = 0; index < raw.size(); ++index) raw[index] = byte_at(bytes, place + index);
    return Address{raw};
}

proxy_header read_binary(std::string_view bytes) {
    if (bytes.size() < binary_head) return unfinished;
    const std::uint8_t version_and_command = byte_at(bytes, 12);
    const std::uint8_t family_and_protocol = byte_at(bytes, 13);
    const std::size_t length = byte_at(bytes, 14) * 256u + byte_at(bytes, 15);
    const std::size_t size = binary_head + length;
    constexpr std::uint8_t local = 0x20;
    constexpr std::uint8_t proxied = 0x21;
    if (version_and_command != local && version_and_command != proxied) return wrong;
    if (size > longest_proxy_header) return wrong;
    if (bytes.size() < size) return unfinished;
    if (version_and_command == local) return whole(size);

    switch (family_and_protocol) {
    case 0x00: return whole(size); // UNSPEC
    case 0x11:                     // TCP over IPv4: two addresses, two ports
        return length >= 12 ? whole(size, address_at<ip::address_v4>(bytes, binary_head)) : wrong;
    case 0x21: // TCP over IPv6
        return length >= 36 ? whole(size, address_at<ip::address_v6>(bytes, binary_head)) : wrong;
    case 0x31: return length >= 216 ? whole(size) : wrong; // a Unix stream socket
    default: return wrong;
    }
}

bool begins_like(std::string_view bytes, std::string_view beginning) {
    const std::size_t known = std::min(bytes.size(), beginning.size());
    return bytes.substr(0, known) == beginning.substr(0, known);
}

} // namespace

proxy_header read_proxy_header(std::string_view bytes) noexcept {
    if (begins_like(bytes, text_begin))
        return bytes.size() < text_begin.size() ? unfinished : read_text(bytes);
    if (begins_like(bytes, binary_begin)) return read_binary(bytes);
    return wrong;
}

} // namespace wxlogind::net

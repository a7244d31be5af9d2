#include "core/net/forwarded.hpp"

#include "core/net/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <ranges>

namespace wxlogind::net {

namespace {

using asio::ip::address;
using asio::ip::address_v6;

// The longest text of an IPv6 address, an IPv4 tail included.
constexpr std::size_t longest_address = 45;
constexpr unsigned mapped_prefix = 96;

address_v6 widened(const address& from) {
    return from.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, from.to_v4()) : from.to_v6();
}

address unmapped(const address& from) {
    if (from.is_v6() && from.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, from.to_v6());
    return from;
}

// A zone ("fe80::1%eth0") is refused: it means something on the sender's machine only.
std::optional<address> parse_address(std::string_view text) {
    constexpr character_class address_characters = alphanumeric_and(":.");
    if (text.empty() || text.size() > longest_address || !all_in(address_characters, text))
        return std::nullopt;
    std::array<char, longest_address + 1> terminated{};
    std::ranges::copy(text, terminated.begin());
    error_code error;
    const address parsed = asio::ip::make_address(terminated.data(), error);
    if (error) return std::nullopt;
    return unmapped(parsed);
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit);
}

// "192.0.2.1", "192.0.2.1:4711", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711".
std::optional<address> parse_entry(std::string_view entry) {
    if (entry.starts_with('[')) {
        const std::size_t end = entry.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view after = entry.substr(end + 1);
        if (!after.empty() && !(after.front() == ':' && is_port(after.substr(1)))) return std::nullopt;
        const auto parsed = parse_address(entry.substr(1, end - 1));
        return parsed && entry.substr(1, end - 1).find(':') != std::string_view::npos ? parsed : std::nullopt;
    }
    const std::size_t colon = entry.find(':');
    if (colon != std::string_view::npos && colon == entry.rfind(':')) {
        if (!is_port(entry.substr(colon + 1))) return std::nullopt;
        entry = entry.substr(0, colon);
    }
    return parse_address(entry);
}

bool shares_prefix(const address_v6::bytes_type& a, const address_v6::bytes_type& b, unsigned prefix) {
    const std::size_t whole = prefix / 8;
    if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
    const unsigned rest = prefix % 8;
    return rest == 0 || (a[whole] >> (8 - rest)) == (b[whole] >> (8 - rest));
}

} // namespace

result<address_blocks> address_blocks::parse(std::span<const std::string> texts) {
    address_blocks all;
    for (const std::string_view text : texts) {
        if (text == "unix") {
            all.contains_unix_ = true;
            continue;
        }
        failure no_block{errc::invalid_request, "\"" + std::string{text} + "\" is no address or block"};
        const std::size_t slash = std::min(text.find('/'), text.size());
        error_code error;
        const address parsed = asio::ip::make_address(std::string{text.substr(0, slash)}, error);
        if (error || text.find('%') != std::string_view::npos) return no_block;
        const unsigned width = parsed.is_v4() ? 32 : 128;
        unsigned prefix = width;
        if (slash < text.size()) {
            const std::string_view digits = text.substr(slash + 1);
            const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
            if (fault != std::errc{} || end != digits.data() + digits.size() || prefix > width)
                return no_block;
        }
        all.blocks_.push_back({widened(parsed).to_bytes(), parsed.is_v4() ? mapped_prefix + prefix : prefix});
    }
    return all;
}

bool address_blocks::contains(const address& which) const noexcept {
    if (blocks_.empty() || which.is_unspecified()) return false;
    const auto bits = widened(which).to_bytes();
    return std::ranges::any_of(
        blocks_, [&bits](const block& each) { return shares_prefix(bits, each.bits, each.prefix); });
}

address forwarded_client(
    const address& peer, std::span<const header_field> fields, const address_blocks& trusted) noexcept {
    address last = unmapped(peer);
    if (!trusted.contains_peer(last)) return last;
    for (const header_field& field : std::views::reverse(fields)) {
        if (!equals_ignoring_case(field.name, "x-forwarded-for")) continue;
        std::string_view rest = field.value;
        for (bool is_more = true; is_more;) {
            const std::size_t comma = rest.rfind(',');
            is_more = comma != std::string_view::npos;
            const std::string_view entry = trimmed(is_more ? rest.substr(comma + 1) : rest);
            if (is_more) rest = rest.substr(0, comma);
            const auto named = parse_entry(entry);
            if (!named) return last;
            last = *named;
            if (!trusted.contains(last)) return last;
        }
    }
    return last;
}

} // namespace wxlogind::net

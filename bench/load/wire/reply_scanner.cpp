#include "bench/load/wire/reply_scanner.hpp"

#include <algorithm>
#include <optional>

#include <string.h>

namespace wxlogind::load {

namespace {

constexpr std::size_t most_head = 64 * 1024;
constexpr std::size_t most_body = 64 * 1024 * 1024;

std::size_t find(std::string_view in, std::string_view what) noexcept {
    const void* const at = ::memmem(in.data(), in.size(), what.data(), what.size());
    return at == nullptr ? std::string_view::npos
                         : static_cast<std::size_t>(static_cast<const char*>(at) - in.data());
}

// `lower` is in lower case.
bool equals_ignoring_case(std::string_view text, std::string_view lower) noexcept {
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
           });
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::optional<std::size_t> number_of(std::string_view digits) noexcept {
    if (digits.empty()) return std::nullopt;
    std::size_t number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9' || number > most_body) return std::nullopt;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

// "HTTP/1.x NNN": the status, or 0.
unsigned status_of(std::string_view line) noexcept {
    if (line.size() < 12 || !line.starts_with("HTTP/1.") || line[8] != ' ') return 0;
    const auto status = number_of(line.substr(9, 3));
    if (!status || *status < 100 || (line.size() > 12 && line[12] != ' ' && line[12] != '\r')) return 0;
    return static_cast<unsigned>(*status);
}

struct framing {
    std::optional<std::size_t> length{};
    bool closes{false};
    bool is_understood{true};
};

void take_field(std::string_view line, framing& into) noexcept {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view name = line.substr(0, colon);
    if (equals_ignoring_case(name, "content-length")) {
        into.length = number_of(trimmed(line.substr(colon + 1)));
        into.is_understood &= into.length.has_value();
    } else if (equals_ignoring_case(name, "connection")) {
        into.closes |= equals_ignoring_case(trimmed(line.substr(colon + 1)), "close");
    } else if (equals_ignoring_case(name, "transfer-encoding")) {
        into.is_understood = false;
    }
}

framing framing_of(std::string_view fields) noexcept {
    framing found;
    for (std::size_t end = fields.find('\n'); end != std::string_view::npos; end = fields.find('\n')) {
        // The three names that matter begin with c or t: a glance at one letter passes over most lines.
        const char first = static_cast<char>(fields.front() | 0x20);
        if (first == 'c' || first == 't') take_field(fields.substr(0, end), found);
        fields.remove_prefix(end + 1);
    }
    return found;
}

} // namespace

scanned_reply scan_reply(std::string_view bytes) noexcept {
    scanned_reply reply;
    std::size_t passed = 0; // of interim responses
    for (;;) {
        const std::string_view rest = bytes.substr(passed);
        const std::size_t head_end = find(rest, "\r\n\r\n");
        if (head_end == std::string_view::npos) {
            const std::string_view expected = std::string_view{"HTTP/1."}.substr(0, rest.size());
            const bool is_hopeless = rest.size() > most_head || !rest.starts_with(expected);
            if (is_hopeless) reply.is = scanned_reply::state::malformed;
            return reply;
        }
        const std::size_t line_end = rest.find('\r');
        reply.status = status_of(rest.substr(0, line_end));
        if (reply.status == 0) {
            reply.is = scanned_reply::state::malformed;
            return reply;
        }
        const std::size_t head_size = head_end + 4;
        if (reply.status < 200) {
            passed += head_size;
            continue;
        }
        const std::size_t fields_at = line_end + 2; // their last line ends where the empty one begins
        const framing how = framing_of(rest.substr(fields_at, head_end + 2 - fields_at));
        const bool is_bodiless = reply.status == 204 || reply.status == 304;
        reply.closes = how.closes || rest[7] == '0';
        if (!how.is_understood || (!how.length && !is_bodiless)) {
            reply.is = scanned_reply::state::malformed;
            return reply;
        }
        const std::size_t length = is_bodiless ? 0 : *how.length;
        reply.size = passed + head_size + length;
        if (bytes.size() < reply.size) return reply;
        reply.body = rest.substr(head_size, length);
        reply.is = scanned_reply::state::whole;
        return reply;
    }
}

std::string_view text_member(std::string_view json, std::string_view quoted_name) noexcept {
    const std::size_t at = find(json, quoted_name);
    if (at == std::string_view::npos) return {};
    std::string_view rest = json.substr(at + quoted_name.size());
    const auto skip = [&rest](std::string_view allowed) {
        rest.remove_prefix(std::min(rest.find_first_not_of(allowed), rest.size()));
    };
    skip(" \t\r\n");
    if (!rest.starts_with(':')) return {};
    rest.remove_prefix(1);
    skip(" \t\r\n");
    if (!rest.starts_with('"')) return {};
    rest.remove_prefix(1);
    const std::size_t end = rest.find('"');
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

} // namespace wxlogind::load

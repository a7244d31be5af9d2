#include "core/net/http_head.hpp"

#include "core/net/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace wxlogind::net {

namespace {

constexpr std::string_view line_end{"\r\n"};

// Visible characters but for the fragment's mark. Bytes from 0x80 on have to be percent-encoded.
constexpr character_class target_characters = [] {
    character_class accepted{};
    for (std::size_t c = 0x21; c < 0x7f; ++c) accepted[c] = true;
    accepted['#'] = false;
    return accepted;
}();

// RFC 9110 §5.5: visible characters, obs-text, space and tab.
constexpr character_class value_characters = [] {
    character_class accepted{};
    for (std::size_t c = 0x20; c < 0x100; ++c) accepted[c] = c != 0x7f;
    accepted['\t'] = true;
    return accepted;
}();

constexpr character_class host_characters = alphanumeric_and("-._~%!$&'()*+,;=");
constexpr character_class ip_literal_characters = alphanumeric_and(":.");

failure malformed(std::string detail) {
    return {errc::invalid_request, std::move(detail)};
}

// Takes the next line off `rest`, without its CRLF.
std::string_view take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find(line_end), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + line_end.size(), rest.size()));
    return line;
}

std::optional<method> method_of(std::string_view name) {
    for (const method known :
         {method::get, method::post, method::patch, method::delete_, method::head, method::options,
          method::put})
        if (name == to_string(known)) return known;
    return std::nullopt;
}

// uri-host [ ":" port ] (RFC 9112 §3.2). An http URI always has a host, so an empty one is refused as well.
bool is_host(std::string_view value) {
    std::size_t end = 0;
    if (value.starts_with('[')) {
        end = value.find(']');
        if (end == std::string_view::npos || end < 3) return false;
        if (!all_in(ip_literal_characters, value.substr(1, end - 1))) return false;
        ++end;
    } else {
        end = std::min(value.find(':'), value.size());
        if (end == 0 || !all_in(host_characters, value.substr(0, end))) return false;
    }
    const std::string_view port = value.substr(end);
    if (port.empty()) return true;
    if (!port.starts_with(':') || port.size() > 6) return false;
    return std::ranges::all_of(port.substr(1), is_digit);
}

// Whether `name` is one of ours but for an underscore in a hyphen's place. Programs that hand fields on as
// environment variables take the two for one (Content_Length), so that a proxy may have let it pass.
bool looks_like_ours(std::string_view name) {
    if (name.find('_') == std::string_view::npos) return false;
    constexpr auto same = [](char sent, char known) { return lower(sent == '_' ? '-' : sent) == known; };
    constexpr std::array<std::string_view, 5> ours{
        "content-length", "transfer-encoding", "content-type", "x-forwarded-for", "x-request-id"};
    return std::ranges::any_of(
        ours, [&](std::string_view known) { return std::ranges::equal(name, known, same); });
}

// Reads one header block, line by line.
class head_check {
public:
    head_check(std::string_view head, const http_limits& limits) : rest_{head}, limits_{limits} {}

    result<head_facts> run() {
        if (auto refused = check_request_line(take_line(rest_))) return std::move(*refused);
        for (std::size_t count = 1;; ++count) {
            const std::string_view line = take_line(rest_);
            if (line.empty()) break;
            if (count > limits_.max_fields) return failure{errc::header_fields_too_large, "too many fields"};
            if (auto refused = check_field(line)) return std::move(*refused);
        }
        if (!rest_.empty()) return malformed("bytes after the header");
        if (auto refused = check_framing()) return std::move(*refused);
        return facts_;
    }

private:
    using refusal = std::optional<failure>;

    refusal check_request_line(std::string_view line) {
        const std::size_t method_end = line.find(' ');
        if (method_end == std::string_view::npos) return malformed("the request line is malformed");
        const std::size_t target_end = line.find(' ', method_end + 1);
        if (target_end == std::string_view::npos) return malformed("the request line is malformed");

        const std::string_view name = line.substr(0, method_end);
        const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
        const std::string_view version = line.substr(target_end + 1);

        if (name.empty() || !all_in(token_characters, name)) return malformed("the method is not a token");
        if (auto refused = check_version(version)) return refused;
        const auto known = method_of(name);
        if (!known) return failure{errc::not_implemented, "this method is not implemented"};
        facts_.verb = *known;
        return check_target(target);
    }

    refusal check_version(std::string_view version) {
        if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) ||
            version[6] != '.' || !is_digit(version[7]))
            return malformed("the request line is malformed");
        if (version[5] != '1' || version[7] > '1')
            return failure{errc::http_version, "HTTP/1.1 is spoken here"};
        facts_.is_http_1_0 = version[7] == '0';
        return {};
    }

    refusal check_target(std::string_view target) const {
        if (target.size() > limits_.max_target_bytes)
            return failure{errc::uri_too_long, "the target is too long"};
        if (target == "*" && facts_.verb == method::options) return {};
        if (!target.starts_with('/')) return malformed("the target is not in origin form");
        if (!all_in(target_characters, target))
            return malformed("the target holds a character that has to be percent-encoded");
        return {};
    }

    refusal check_field(std::string_view line) {
        if (line.front() == ' ' || line.front() == '\t') return malformed("a field is folded over lines");
        std::size_t colon = 0;
        while (colon < line.size() && is_in(token_characters, line[colon])) ++colon;
        if (colon == 0 || colon == line.size() || line[colon] != ':')
            return malformed("a field name is not a token");
        const std::string_view value = line.substr(colon + 1);
        if (!all_in(value_characters, value)) return malformed("a field value holds a control character");
        return check_known(line.substr(0, colon), trimmed(value));
    }

    // The fields that decide where the message ends and whom it is for.
    refusal check_known(std::string_view name, std::string_view value) {
        switch (name.size()) {
        case 4:
            if (equals_ignoring_case(name, "host")) return check_host(value);
            break;
        case 6:
            if (equals_ignoring_case(name, "expect")) return check_expect(value);
            break;
        case 12:
            if (equals_ignoring_case(name, "content-type"))
                return only_once(has_content_type_, "Content-Type");
            break;
        case 14:
            if (equals_ignoring_case(name, "content-length")) return check_content_length(value);
            break;
        case 17:
            if (equals_ignoring_case(name, "transfer-encoding")) return check_transfer_encoding(value);
            break;
        default: break;
        }
        if (looks_like_ours(name)) return malformed("a field name has an underscore for a hyphen");
        return {};
    }

    static refusal only_once(bool& seen, const char* name) {
        if (seen) return malformed(std::string{name} + " is there twice");
        seen = true;
        return {};
    }

    refusal check_host(std::string_view value) {
        if (auto refused = only_once(has_host_, "Host")) return refused;
        if (!is_host(value)) return malformed("Host is invalid");
        return {};
    }

    refusal check_expect(std::string_view value) {
        if (facts_.expects_continue || !equals_ignoring_case(value, "100-continue"))
            return failure{errc::expectation_failed, "only 100-continue is met"};
        facts_.expects_continue = true;
        return {};
    }

    refusal check_content_length(std::string_view value) {
        if (auto refused = only_once(has_content_length_, "Content-Length")) return refused;
        if (value.empty() || !std::ranges::all_of(value, is_digit))
            return malformed("Content-Length is not a number");
        std::size_t length = 0;
        for (const char digit : value) {
            length = length * 10 + static_cast<std::size_t>(digit - '0');
            // Stops before it can overflow; whether the body is too large is said in check_framing.
            if (length > most_body_bytes()) break;
        }
        facts_.content_length = length;
        return {};
    }

    // Remembered, not answered at once: what is malformed further down is worse.
    refusal check_transfer_encoding(std::string_view value) {
        if (!transfer_encoding_ && equals_ignoring_case(value, "chunked"))
            transfer_encoding_ = failure{errc::length_required, "send Content-Length instead of chunks"};
        else
            transfer_encoding_ = failure{errc::not_implemented, "this transfer coding is not implemented"};
        return {};
    }

    refusal check_framing() {
        if (!has_host_ && !facts_.is_http_1_0) return malformed("Host is missing");
        if (transfer_encoding_) return std::move(transfer_encoding_);
        if (facts_.content_length > most_body_bytes())
            return failure{errc::content_too_large, "the body is too large"};
        const bool has_body =
            facts_.verb == method::post || facts_.verb == method::put || facts_.verb == method::patch;
        if (has_body && !has_content_length_)
            return failure{errc::length_required, "Content-Length is missing"};
        return {};
    }

    [[nodiscard]] std::size_t most_body_bytes() const noexcept {
        return std::max(limits_.max_body_bytes, limits_.max_long_body_bytes);
    }

    std::string_view rest_;
    const http_limits& limits_;
    head_facts facts_;
    bool has_host_ = false;
    bool has_content_type_ = false;
    bool has_content_length_ = false;
    refusal transfer_encoding_;
};

} // namespace

result<head_facts> check_head(std::string_view head, const http_limits& limits) {
    return head_check{head, limits}.run();
}

} // namespace wxlogind::net

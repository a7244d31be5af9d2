#include "handlers/forms/multipart.hpp"

#include "core/net/ascii.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace wxlogind::handlers {

namespace {

using net::equals_ignoring_case;
using net::trimmed;

constexpr std::size_t most_parts = 16;
constexpr std::size_t most_header_bytes = 2048;

failure malformed(std::string_view what) {
    return {errc::invalid_request, "body: " + std::string{what}};
}

bool is_boundary(std::string_view text) {
    constexpr net::character_class accepted = net::alphanumeric_and("'()+_,-./:=? ");
    return !text.empty() && text.size() <= 70 && net::all_in(accepted, text) && text.back() != ' ';
}

// What stands behind a semicolon: name=token or name="text". Cut off `rest`.
struct parameter {
    std::string_view name;
    std::string value;
};

std::optional<std::string> cut_quoted(std::string_view& rest) {
    std::string value;
    for (std::size_t at = 1; at < rest.size(); ++at) {
        if (rest[at] == '"') {
            rest.remove_prefix(at + 1);
            return value;
        }
        if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
        value += rest[at];
    }
    return std::nullopt;
}

std::optional<parameter> cut_parameter(std::string_view& rest) {
    rest = trimmed(rest.substr(1));
    const std::size_t equals = rest.find('=');
    if (equals == 0 || equals == std::string_view::npos) return std::nullopt;
    parameter cut{.name = rest.substr(0, equals), .value = {}};
    if (!net::all_in(net::token_characters, cut.name)) return std::nullopt;
    rest.remove_prefix(equals + 1);
    if (rest.starts_with('"')) {
        auto quoted = cut_quoted(rest);
        if (!quoted) return std::nullopt;
        cut.value = std::move(*quoted);
    } else {
        const std::string_view token = trimmed(rest.substr(0, rest.find(';')));
        if (token.empty()) return std::nullopt;
        cut.value = token;
        rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    }
    rest = trimmed(rest);
    return rest.empty() || rest.front() == ';' ? std::optional{std::move(cut)} : std::nullopt;
}

// The value of the only parameter of that name. nullopt: not there, twice, or the parameters are malformed.
std::optional<std::string> only_parameter(std::string_view field, std::string_view name) {
    std::string_view rest = field.substr(std::min(field.find(';'), field.size()));
    std::optional<std::string> value;
    while (!rest.empty()) {
        auto each = cut_parameter(rest);
        if (!each) return std::nullopt;
        if (!equals_ignoring_case(each->name, name)) continue;
        if (value) return std::nullopt;
        value = std::move(each->value);
    }
    return value;
}

} // namespace

result<std::string> multipart_boundary(std::string_view content_type) {
    const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
    if (!equals_ignoring_case(type, "multipart/form-data"))
        return failure{errc::unsupported_media_type, "Content-Type: send multipart/form-data"};
    auto boundary = only_parameter(content_type, "boundary");
    if (!boundary || !is_boundary(*boundary))
        return failure{errc::invalid_request, "Content-Type: no boundary, or none that can be one"};
    return std::move(*boundary);
}

multipart_reader::multipart_reader(std::string_view boundary, std::string_view name)
    : delimiter_{"\r\n--" + std::string{boundary}}, name_{name} {}

result<void> multipart_reader::feed(std::string_view piece, std::string& wanted) {
    buffer_.erase(0, std::exchange(read_, 0));
    buffer_ += piece;
    for (;;) {
        const auto goes_on = read_on(wanted);
        if (!goes_on) return goes_on.error();
        if (!*goes_on) return {};
    }
}

result<void> multipart_reader::finish() const {
    if (place_ != place::end) return malformed("is cut off");
    if (!was_there_) return failure{errc::invalid_request, std::string{name_} + ": missing"};
    return {};
}

result<bool> multipart_reader::read_on(std::string& wanted) {
    switch (place_) {
    case place::beginning: return read_beginning();
    case place::behind_boundary: return read_behind_boundary();
    case place::header: return read_header();
    case place::content: return read_content(wanted);
    case place::end: break;
    }
    return read_end();
}

// The first boundary has no line end before it; some clients send one all the same.
result<bool> multipart_reader::read_beginning() {
    const std::string_view received = unread();
    if (received.empty()) return false;
    const std::string_view wanted = std::string_view{delimiter_}.substr(received.front() == '\r' ? 0 : 2);
    const std::size_t common = std::min(wanted.size(), received.size());
    if (received.substr(0, common) != wanted.substr(0, common))
        return malformed("does not begin with the boundary of its Content-Type");
    if (common < wanted.size()) return false;
    read_ += common;
    place_ = place::behind_boundary;
    return true;
}

result<bool> multipart_reader::read_behind_boundary() {
    const std::string_view received = unread();
    if (received.size() < 2) return false;
    const std::string_view next = received.substr(0, 2);
    read_ += 2;
    if (next == "--") {
        place_ = place::end;
        return true;
    }
    if (next != "\r\n") return malformed("a boundary with something behind it");
    if (++parts_ > most_parts) return malformed("over 16 parts");
    place_ = place::header;
    return true;
}

result<bool> multipart_reader::read_header() {
    const std::string_view received = unread();
    const std::size_t end = received.find("\r\n\r\n");
    // The same answer however the bytes are cut.
    const std::size_t least =
        end != std::string_view::npos ? end : received.size() - std::min<std::size_t>(received.size(), 3);
    if (least > most_header_bytes) return malformed("a part's header over 2 KiB");
    if (end == std::string_view::npos) return false;
    const auto checked = check_header(received.substr(0, end + 2));
    if (!checked) return checked.error();
    read_ += end + 4;
    place_ = place::content;
    return true;
}

result<void> multipart_reader::check_header(std::string_view lines) {
    std::optional<std::string_view> disposition;
    while (!lines.empty()) {
        const std::size_t end = lines.find("\r\n");
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end + 2);
        const std::size_t colon = line.find(':');
        if (colon == 0 || colon == std::string_view::npos ||
            !net::all_in(net::token_characters, line.substr(0, colon)))
            return malformed("a part's header is malformed");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (equals_ignoring_case(name, "content-transfer-encoding") && !equals_ignoring_case(value, "binary"))
            return malformed("a part with a transfer encoding");
        if (!equals_ignoring_case(name, "content-disposition")) continue;
        if (disposition) return malformed("a part with two Content-Dispositions");
        disposition = value;
    }
    if (!disposition) return malformed("a part without Content-Disposition");
    return begin_part(*disposition);
}

result<void> multipart_reader::begin_part(std::string_view disposition) {
    const std::string_view type = trimmed(disposition.substr(0, disposition.find(';')));
    const auto name = only_parameter(disposition, "name");
    if (!equals_ignoring_case(type, "form-data") || !name)
        return malformed("a part that is no form-data with a name");
    is_wanted_ = *name == name_;
    if (is_wanted_ && std::exchange(was_there_, true))
        return failure{errc::invalid_request, std::string{name_} + ": given more than once"};
    return {};
}

// False: more bytes are needed; what may be the beginning of a boundary stays.
bool multipart_reader::read_content(std::string& wanted) {
    const std::string_view received = unread();
    const std::size_t end = received.find(delimiter_);
    const bool is_end = end != std::string_view::npos;
    const std::size_t kept = std::min(received.size(), delimiter_.size() - 1);
    const std::size_t size = is_end ? end : received.size() - kept;
    if (is_wanted_) wanted.append(received.substr(0, size));
    read_ += size + (is_end ? delimiter_.size() : 0);
    if (is_end) place_ = place::behind_boundary;
    return is_end;
}

result<bool> multipart_reader::read_end() const {
    const std::string_view received = unread();
    if (!std::string_view{"\r\n"}.starts_with(received))
        return malformed("something behind the last boundary");
    return false;
}

} // namespace wxlogind::handlers

#include "handlers/forms/paging.hpp"

#include "core/base/encoding.hpp"
#include "handlers/forms/profile_form.hpp"

#include <algorithm>
#include <charconv>

namespace wxlogind::handlers {

namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return number;
}

failure no_cursor() {
    return invalid_field("cursor", "not one that a page gave for \"next\"");
}

} // namespace

result<std::size_t> limit_of(const query_fields& query) {
    constexpr std::size_t usual = 50;
    constexpr std::size_t most = 200;
    const auto sent = query.text("limit");
    if (!sent) return sent.error();
    if (!*sent) return usual;
    const auto number = number_in<std::size_t>(**sent);
    if (!number || *number == 0 || *number > most) return invalid_field("limit", "not from 1 to 200");
    return *number;
}

std::string render_cursor(const storage::user_position& position) {
    std::string bytes(position.id.bytes.begin(), position.id.bytes.end());
    bytes += position.nick_name;
    return base64url_encode(bytes);
}

result<std::optional<storage::user_position>> user_cursor_of(const query_fields& query) {
    const auto sent = query.text("cursor");
    if (!sent) return sent.error();
    if (!*sent) return std::optional<storage::user_position>{};
    const auto bytes = base64url_decode(**sent);
    storage::user_position position;
    if (!bytes || bytes->size() < position.id.bytes.size()) return no_cursor();
    std::copy_n(bytes->begin(), position.id.bytes.size(), position.id.bytes.begin());
    position.nick_name = bytes->substr(position.id.bytes.size());
    return std::optional{std::move(position)};
}

std::string render_cursor(std::int64_t position) {
    return std::to_string(position);
}

result<std::optional<std::int64_t>> number_cursor_of(const query_fields& query) {
    const auto sent = query.text("cursor");
    if (!sent) return sent.error();
    if (!*sent) return std::optional<std::int64_t>{};
    const auto number = number_in<std::int64_t>(**sent);
    if (!number || *number < 0) return no_cursor();
    return number;
}

} // namespace wxlogind::handlers

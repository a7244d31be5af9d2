#include "handlers/login_form.hpp"

#include "core/base/encoding.hpp"
#include "core/base/json_reading.hpp"
#include "handlers/query_fields.hpp"

#include <algorithm>
#include <array>

namespace wxlogind::handlers {

namespace {

using limits = login_form_limits;

failure invalid(std::string_view field, std::string_view what) {
    std::string detail{field};
    detail += ": ";
    detail += what;
    return {errc::invalid_request, std::move(detail)};
}

// RFC 3986's unreserved characters: what every code seen in the wild is made of.
bool is_url_safe(std::string_view text) noexcept {
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~") ==
           std::string_view::npos;
}

result<std::string> checked_code(std::optional<std::string_view> sent) {
    if (!sent || sent->empty() || *sent == "undefined" || *sent == "null")
        return invalid("code", "missing; send what wx.login gave");
    if (sent->size() > limits::code) return invalid("code", "over 128 characters");
    if (*sent == "the code is a mock one")
        return invalid("code", "the developer tools' mock code; open the project with a real AppID");
    if (!is_url_safe(*sent)) return invalid("code", "characters that no code of wx.login has");
    return std::string{*sent};
}

result<std::string> checked_appid(std::optional<std::string_view> sent) {
    if (!sent) return std::string{};
    if (sent->size() > limits::appid) return invalid("appid", "over 64 characters");
    if (!is_url_safe(*sent)) return invalid("appid", "characters that no appid has");
    return std::string{*sent};
}

struct text_field {
    std::string_view name;
    std::size_t limit; // characters
    std::string_view too_long;
    std::optional<std::string> storage::profile_change::* member;
};

constexpr std::array<text_field, 6> text_fields{{
    {"nickName", limits::nick_name, "over 64 characters", &storage::profile_change::nick_name},
    {"avatarUrl", limits::avatar_url, "over 1024 characters", &storage::profile_change::avatar_url},
    {"country", limits::place, "over 64 characters", &storage::profile_change::country},
    {"province", limits::place, "over 64 characters", &storage::profile_change::province},
    {"city", limits::place, "over 64 characters", &storage::profile_change::city},
    {"language", limits::language, "over 16 characters", &storage::profile_change::language},
}};

bool has_control_character(std::string_view text) noexcept {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

using text_result = result<std::optional<std::string_view>>;

result<std::optional<int>> checked_gender(std::optional<std::int64_t> sent) {
    if (!sent) return std::optional<int>{};
    if (*sent < 0 || *sent > 2) return invalid("gender", "neither 0 (unknown), 1 (male) nor 2 (female)");
    return std::optional<int>{static_cast<int>(*sent)};
}

result<std::optional<int>> gender_of_text(const text_result& sent) {
    if (!sent) return sent.error();
    if (!*sent || (*sent)->empty()) return std::optional<int>{};
    const bool is_digit = (*sent)->size() == 1 && (**sent)[0] >= '0' && (**sent)[0] <= '9';
    return checked_gender(is_digit ? (**sent)[0] - '0' : -1);
}

result<std::optional<int>> gender_of(const query_fields& fields) {
    return gender_of_text(fields.text("gender"));
}

// Pages send what they got from WeChat: a number, or the text that a form made of it.
result<std::optional<int>> gender_of(const json_members& fields) {
    if (const auto number = fields.integer("gender")) return checked_gender(*number);
    return gender_of_text(fields.text("gender"));
}

// `fields` gives texts by name: a query or a JSON object, which report their own faults.
template <class Fields>
result<login_form> read_form(const Fields& fields) {
    login_form form;

    const auto sent_code = fields.text("code");
    if (!sent_code) return sent_code.error();
    auto code = checked_code(*sent_code);
    if (!code) return code.error();
    form.code = std::move(*code);

    const auto sent_appid = fields.text("appid");
    if (!sent_appid) return sent_appid.error();
    auto appid = checked_appid(*sent_appid);
    if (!appid) return appid.error();
    form.appid = std::move(*appid);

    for (const text_field& each : text_fields) {
        const auto sent = fields.text(each.name);
        if (!sent) return sent.error();
        if (!*sent || (*sent)->empty()) continue;
        if ((*sent)->size() > each.limit && count_characters(**sent) > each.limit)
            return invalid(each.name, each.too_long);
        if (has_control_character(**sent)) return invalid(each.name, "control characters");
        form.profile.*each.member = std::string{**sent};
    }

    const auto gender = gender_of(fields);
    if (!gender) return gender.error();
    form.profile.gender = *gender;
    return form;
}

} // namespace

result<login_form> parse_login_form(const net::request& incoming) {
    if (incoming.verb == net::method::get) {
        const auto fields = query_fields::parse(incoming.query);
        if (!fields) return fields.error();
        return read_form(*fields);
    }
    if (incoming.content_type != "application/json")
        return failure{errc::unsupported_media_type, "Content-Type: send application/json"};
    json_document body{"body"};
    const auto members = body.read(incoming.body);
    if (!members) return members.error();
    return read_form(*members);
}

} // namespace wxlogind::handlers

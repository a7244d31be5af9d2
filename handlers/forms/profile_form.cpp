#include "handlers/forms/profile_form.hpp"

#include "core/base/encoding.hpp"
#include "handlers/anonymous_profile.hpp"
#include "handlers/nickname.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace wxlogind::handlers {

namespace {

using limits = profile_limits;
using storage::profile_change;

// What an empty text, or null in JSON, is to mean.
enum class blank_field : unsigned char {
    says_nothing, // as if it had not been sent
    clears,       // the field becomes empty, gender 0
};

struct text_field {
    std::string_view name;
    std::size_t limit; // characters
    std::string_view too_long;
    std::optional<std::string> profile_change::* member;
};

constexpr std::array<text_field, 6> text_fields{{
    {"nickName", limits::nick_name, "over 64 characters", &profile_change::nick_name},
    {"avatarUrl", limits::avatar_url, "over 1024 characters", &profile_change::avatar_url},
    {"country", limits::place, "over 64 characters", &profile_change::country},
    {"province", limits::place, "over 64 characters", &profile_change::province},
    {"city", limits::place, "over 64 characters", &profile_change::city},
    {"language", limits::language, "over 16 characters", &profile_change::language},
}};

bool has_control_character(std::string_view text) noexcept {
    return std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

using text_result = result<std::optional<std::string_view>>;
using gender_result = result<std::optional<int>>;

gender_result checked_gender(std::optional<std::int64_t> sent) {
    if (!sent) return std::optional<int>{};
    if (*sent < 0 || *sent > 2)
        return invalid_field("gender", "neither 0 (unknown), 1 (male) nor 2 (female)");
    return std::optional<int>{static_cast<int>(*sent)};
}

gender_result gender_of_text(const text_result& sent) {
    if (!sent) return sent.error();
    if (!*sent || (*sent)->empty()) return std::optional<int>{};
    const bool is_digit = (*sent)->size() == 1 && (**sent)[0] >= '0' && (**sent)[0] <= '9';
    return checked_gender(is_digit ? (**sent)[0] - '0' : -1);
}

gender_result gender_of(const query_fields& fields) {
    return gender_of_text(fields.text("gender"));
}

// Pages send what they got from WeChat: a number, or the text that a form made of it.
gender_result gender_of(const json_members& fields) {
    if (const auto number = fields.integer("gender")) return checked_gender(*number);
    return gender_of_text(fields.text("gender"));
}

bool is_sent(const query_fields&, std::string_view, const text_result& text) {
    return text->has_value();
}
bool is_sent(const json_members& fields, std::string_view name, const text_result& text) {
    return text->has_value() || fields.is_null(name);
}

// As it is kept.
result<std::string> checked_text(const text_field& of, std::string_view sent) {
    std::string text;
    if (of.member == &profile_change::nick_name) {
        auto tidied = tidy_nickname(sent);
        if (!tidied) return tidied;
        text = std::move(*tidied);
    } else {
        if (has_control_character(sent)) return invalid_field(of.name, "control characters");
        text = sent;
    }
    if (text.size() > of.limit && count_characters(text) > of.limit)
        return invalid_field(of.name, of.too_long);
    return text;
}

// `fields` gives texts by name: a query or a JSON object, which report their own faults.
template <class Fields>
result<profile_change> read_fields(const Fields& fields, blank_field blank) {
    profile_change profile;
    for (const text_field& each : text_fields) {
        const auto sent = fields.text(each.name);
        if (!sent) return sent.error();
        auto text = checked_text(each, sent->value_or(std::string_view{}));
        if (!text) return text.error();
        if (!text->empty() || (blank == blank_field::clears && is_sent(fields, each.name, sent)))
            profile.*each.member = std::move(*text);
    }

    const auto gender = gender_of(fields);
    if (!gender) return gender.error();
    profile.gender = *gender;
    // What was read as nothing and is there nevertheless is blank.
    if (!profile.gender && blank == blank_field::clears && is_sent(fields, "gender", fields.text("gender")))
        profile.gender = 0;
    return profile;
}

} // namespace

failure invalid_field(std::string_view field, std::string_view what) {
    std::string detail{field};
    detail += ": ";
    detail += what;
    return {errc::invalid_request, std::move(detail)};
}

result<profile_change> read_profile(const query_fields& fields) {
    auto profile = read_fields(fields, blank_field::says_nothing);
    if (profile) drop_anonymous(*profile);
    return profile;
}

result<profile_change> read_profile(const json_members& fields) {
    auto profile = read_fields(fields, blank_field::says_nothing);
    if (profile) drop_anonymous(*profile);
    return profile;
}

result<profile_change> parse_profile_change(const net::request& incoming) {
    if (incoming.content_type != "application/json" &&
        incoming.content_type != "application/merge-patch+json")
        return failure{errc::unsupported_media_type, "Content-Type: send application/json"};
    json_document body{"body"};
    const auto members = body.read(incoming.body);
    if (!members) return members.error();
    auto change = read_fields(*members, blank_field::clears);
    if (!change) return change;
    if (change->empty()) return invalid_field("body", "names no field of the profile");
    drop_anonymous(*change);
    return change;
}

} // namespace wxlogind::handlers

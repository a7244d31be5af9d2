#include "core/wechat/phone_number.hpp"

#include <algorithm>

namespace wxlogind::wechat {

namespace {

// ITU-T E.164: fifteen digits at most, of which the country's are one to three; WeChat's samples of codes
// that include an area have four.
constexpr std::size_t longest_number = 15;
constexpr std::size_t longest_country_code = 4;

bool are_digits(std::string_view text, std::size_t most) noexcept {
    return !text.empty() && text.size() <= most &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

failure not_understood() {
    return {errc::wechat_bad_answer, "WeChat gave no phone number that is understood"};
}

std::optional<std::string> country_code_of(const json_members& info) {
    if (const auto number = info.integer("countryCode"); number && *number) return std::to_string(**number);
    if (const auto text = info.text("countryCode"); text && *text) {
        const std::string_view code = **text;
        return std::string{code.starts_with('+') ? code.substr(1) : code};
    }
    return std::nullopt;
}

std::optional<phone_number> checked(std::string_view country_code, std::string_view number) {
    if (!are_digits(country_code, longest_country_code) || !are_digits(number, longest_number))
        return std::nullopt;
    return phone_number{std::string{country_code}, std::string{number}};
}

} // namespace

result<phone_number> read_phone_number(const json_members& info) {
    const auto number = info.text("purePhoneNumber");
    const auto country_code = country_code_of(info);
    if (!number || !*number || !country_code) return not_understood();
    auto phone = checked(*country_code, **number);
    if (!phone) return not_understood();
    return std::move(*phone);
}

result<phone_number> parse_phone_reply(std::string_view body, std::string_view appid) {
    json_document document{"reply"};
    const auto reply = document.read(body);
    if (!reply) return not_understood();
    const auto info = reply->object("phone_info");
    if (!info || !*info) return not_understood();
    const auto watermark = (*info)->object("watermark");
    if (!watermark || !*watermark) return not_understood();
    const auto named = (*watermark)->text("appid");
    if (!named || *named != appid) return not_understood();
    return read_phone_number(**info);
}

std::string to_international(const phone_number& phone) {
    return '+' + phone.country_code + phone.number;
}

std::string to_masked(const phone_number& phone) {
    const std::string_view number = phone.number;
    const std::size_t shown_after = number.size() >= 8 ? 4 : std::min<std::size_t>(2, number.size() / 2);
    const std::size_t shown_before = number.size() >= 11 ? 3 : 0;
    std::string masked;
    if (phone.country_code != "86") masked = '+' + phone.country_code + ' ';
    masked += number.substr(0, shown_before);
    masked += "****";
    masked += number.substr(number.size() - shown_after);
    return masked;
}

std::string to_stored(const phone_number& phone) {
    return phone.country_code + ' ' + phone.number;
}

std::optional<phone_number> from_stored(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    return checked(text.substr(0, space), text.substr(space + 1));
}

} // namespace wxlogind::wechat

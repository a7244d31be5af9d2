// Phone numbers as WeChat gives them. Pure; any thread.
#pragma once

#include "core/base/errors.hpp"
#include "core/base/json_reading.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat {

// Digits both.
struct phone_number {
    std::string country_code; // "86", without a sign before it
    std::string number;       // within the country
};

// From `purePhoneNumber` and `countryCode` (text, or a number), of getuserphonenumber's phone_info or of what
// the button encrypts. errc::wechat_bad_answer.
[[nodiscard]] result<phone_number> read_phone_number(const json_members& info);

// From the answer of getuserphonenumber, whose watermark has to name the app. errc::wechat_bad_answer.
[[nodiscard]] result<phone_number> parse_phone_reply(std::string_view body, std::string_view appid);

// "+8613900000000" (E.164). The same person's number is the same text, however it came.
[[nodiscard]] std::string to_international(const phone_number& phone);
// "139****0000"; with "+852 " before it where it is not from the mainland.
[[nodiscard]] std::string to_masked(const phone_number& phone);

// The form in which it is kept, sealed: "86 13900000000".
[[nodiscard]] std::string to_stored(const phone_number& phone);
[[nodiscard]] std::optional<phone_number> from_stored(std::string_view text);

} // namespace wxlogind::wechat
